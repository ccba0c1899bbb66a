"""Notices are found by any part of their words: the texts, their grams, and the index over them."""

import django.db.models.deletion
from django.db import migrations, models

from core.grams import Grams, grams
from public_notice.rules.finding import words_of

TABLE = "public_notice_noticetext"


def fill(apps, _schema_editor):
    model = apps.get_model("public_notice", "NoticeText")
    notices = apps.get_model("public_notice", "Notice").objects.select_related(
        "paper", "filing__industry"
    )
    for notice in notices.order_by("pk").iterator(chunk_size=500):
        industry = notice.filing.industry
        text = words_of(notice.content, notice.paper.number, industry.name if industry else "")
        model.objects.create(notice=notice, text=text, grams=" ".join(grams(text)))


class Migration(migrations.Migration):
    dependencies = [("public_notice", "0002_satisfaction")]

    operations = [
        migrations.CreateModel(
            name="NoticeText",
            fields=[
                (
                    "notice",
                    models.OneToOneField(
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="words",
                        serialize=False,
                        to="public_notice.notice",
                    ),
                ),
                ("text", models.TextField()),
                ("grams", models.TextField()),
            ],
            options={
                "verbose_name": "公示检索文本",
                "verbose_name_plural": "公示检索文本",
            },
        ),
        Grams(TABLE, "notice_id"),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
