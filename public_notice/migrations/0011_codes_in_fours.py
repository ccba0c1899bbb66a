"""Notices are found by four characters of a code in a row: their grams are cut anew."""

from django.db import migrations

from core.grams import grams

AT_A_TIME = 500


def cut(apps, _schema_editor):
    texts = apps.get_model("public_notice", "NoticeText").objects
    last = 0
    while rows := list(texts.filter(pk__gt=last).order_by("pk")[:AT_A_TIME]):
        for row in rows:
            row.grams = " ".join(grams(row.text))
        texts.bulk_update(rows, ["grams"])
        last = rows[-1].pk


class Migration(migrations.Migration):
    dependencies = [("public_notice", "0010_confidential")]

    operations = [migrations.RunPython(cut, migrations.RunPython.noop)]
