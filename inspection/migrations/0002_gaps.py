"""Marks that were registered before records barred from tolerance: they bar from their own day, until their own end."""

from django.db import migrations

MONTHS = 3  # a minor one that is not published is over by then (信用修复管理办法; rulebook 30a)


def _after(day, months):
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return day.replace(year=year, month=month + 1, day=min(day.day, 28))


def bars(apps, schema_editor):
    """Write what stands against an enterprise; what was repaired bars nobody and is left as it is."""
    measures = apps.get_model("inspection", "Measure").objects.filter(
        kind="credit", state="imposed", paper__isnull=False
    )
    bar = apps.get_model("approvals", "CreditBar")
    for measure in measures.select_related("filing"):
        bar.objects.create(
            enterprise_id=measure.filing.enterprise_id, filing=measure.filing, ground=measure.ground,
            organ=measure.organ, organ_number=measure.organ_number, paper_id=measure.paper_id,
            since=measure.decided_at,
            until=measure.shown_until or _after(measure.organ_decided_on, MONTHS),
        )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("approvals", "0006_gaps"), ("inspection", "0001_initial")]
    operations = [migrations.RunPython(bars, migrations.RunPython.noop)]
