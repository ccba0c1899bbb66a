"""What a notice is in the open files is kept; codes are found by four of their characters: grams are cut anew."""

import django.db.models.deletion
from django.db import migrations, models

from core.grams import grams
from public_notice.rules.open_texts import texts_of

AT_A_TIME = 500
INDEX = "public_notice_noticetext_grams"


def at_once(_apps, schema_editor):
    """PostgreSQL: what is put in the index later is read through by each search until then, and few are published."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"ALTER INDEX {INDEX} SET (fastupdate = off)")
        schema_editor.execute(f"SELECT gin_clean_pending_list('{INDEX}')")


def cut(apps, _schema_editor):
    texts = apps.get_model("public_notice", "NoticeText").objects
    last = 0
    while rows := list(texts.filter(pk__gt=last).order_by("pk")[:AT_A_TIME]):
        for row in rows:
            row.grams = " ".join(grams(row.text))
        texts.bulk_update(rows, ["grams"])
        last = rows[-1].pk


def keep(apps, _schema_editor):
    notices = apps.get_model("public_notice", "Notice").objects
    texts = apps.get_model("public_notice", "OpenText").objects
    last = 0
    while rows := list(notices.filter(pk__gt=last).order_by("pk")[:AT_A_TIME]):
        texts.bulk_create(
            texts.model(notice_id=row.pk, **texts_of(row.public_id, row.title, row.content))
            for row in rows
        )
        last = rows[-1].pk


class Migration(migrations.Migration):
    dependencies = [("public_notice", "0010_confidential")]

    operations = [
        migrations.CreateModel(
            name="OpenText",
            fields=[
                (
                    "notice",
                    models.OneToOneField(
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="open_text",
                        serialize=False,
                        to="public_notice.notice",
                    ),
                ),
                ("edition", models.PositiveSmallIntegerField()),
                ("as_json", models.TextField()),
                ("as_csv", models.TextField()),
                ("gaps", models.BooleanField()),
            ],
            options={
                "verbose_name": "开放数据文本",
                "verbose_name_plural": "开放数据文本",
            },
        ),
        migrations.RunPython(at_once, migrations.RunPython.noop),
        migrations.RunPython(cut, migrations.RunPython.noop),
        migrations.RunPython(keep, migrations.RunPython.noop),
    ]
