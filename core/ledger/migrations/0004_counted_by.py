"""Which calendar a book's limits were counted by; of a book that has limits already, the first, so that all are looked at once."""

from django.db import migrations, models


def look_at_all(apps, schema_editor):
    apps.get_model("ledger", "Book").objects.update(counted_by=1)


class Migration(migrations.Migration):
    dependencies = [("ledger", "0003_no_truncate")]
    operations = [
        migrations.AddField(
            model_name="book",
            name="counted_by",
            field=models.PositiveIntegerField(blank=True, null=True, verbose_name="日历版次"),
        ),
        migrations.RunPython(look_at_all, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="book",
            index=models.Index(
                condition=models.Q(("counted_by__isnull", False)),
                fields=["counted_by"],
                name="book_counted_by",
            ),
        ),
    ]
