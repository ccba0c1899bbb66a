"""An item says by what, and by whom, silence on it may count as no objection."""

from django.db import migrations, models


def fill(apps, schema_editor):
    """In the editions loaded so far the word `yes` was the mark, and the county's pack its source."""
    Item = apps.get_model("approvals", "CatalogueItem")
    marked = Item.objects.filter(opinion_default__in=("yes", "if_condition_absent"))
    for pk, source in marked.values_list("pk", "edition__source"):
        Item.objects.filter(pk=pk).update(
            default_basis="清单该版本的默认规则", default_approver=source[:120] or "清单该版本"
        )


class Migration(migrations.Migration):
    dependencies = [
        ("approvals", "0004_stoppages"),
    ]

    operations = [
        migrations.AddField(
            model_name="catalogueitem",
            name="default_approver",
            field=models.CharField(blank=True, max_length=120, verbose_name="允许默认的批准单位"),
        ),
        migrations.AddField(
            model_name="catalogueitem",
            name="default_basis",
            field=models.CharField(blank=True, max_length=200, verbose_name="允许默认的依据"),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
