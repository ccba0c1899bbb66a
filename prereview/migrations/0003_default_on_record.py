"""Each outcome says in which slot it stands; each make-up duty of which default it comes."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, OuterRef, Subquery


def stand(apps, _editor):
    """Let every outcome stand in its slot, and every make-up duty belong to the default of its slot."""
    opinion = apps.get_model("prereview", "Opinion")
    opinion.objects.update(stands_in=F("slot"))
    mine = opinion.objects.filter(slot=OuterRef("slot")).values("pk")[:1]
    apps.get_model("prereview", "MakeUp").objects.update(opinion=Subquery(mine))


class Migration(migrations.Migration):
    dependencies = [("prereview", "0002_stoppages")]

    operations = [
        migrations.AlterField(
            model_name="makeup",
            name="slot",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="make_ups",
                to="prereview.slot",
            ),
        ),
        migrations.AlterField(
            model_name="opinion",
            name="slot",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="opinions",
                to="prereview.slot",
            ),
        ),
        migrations.AddField(
            model_name="makeup",
            name="opinion",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="make_up",
                to="prereview.opinion",
            ),
        ),
        migrations.AddField(
            model_name="makeup",
            name="reminded_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="提醒时间"),
        ),
        migrations.AddField(
            model_name="opinion",
            name="stands_in",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="opinion",
                to="prereview.slot",
            ),
        ),
        migrations.AddField(
            model_name="opinion",
            name="withdrawn_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="撤回时间"),
        ),
        migrations.AddField(
            model_name="slot",
            name="withdrawn_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="撤回默认时间"),
        ),
        migrations.RunPython(stand, migrations.RunPython.noop, elidable=True),
    ]
