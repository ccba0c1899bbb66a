"""Grounds for an excuse, the authority of a representative, and by what a default is expressly allowed."""

import django.db.models.deletion
from django.db import migrations, models


def fill(apps, schema_editor):
    """What was asked and deemed so far had its mark from the catalogue or, for a visit, from the rulebook."""
    Slot = apps.get_model("prereview", "Slot")
    Opinion = apps.get_model("prereview", "Opinion")
    for slot in Slot.objects.filter(default="deemed").select_related("item__item").iterator():
        of = slot.item.item if slot.item_id else None
        basis = of.default_basis if of else "P4c"
        approver = of.default_approver if of else "县规则"
        Slot.objects.filter(pk=slot.pk).update(mark_basis=basis, mark_approver=approver)
    for pk, basis, approver in Opinion.objects.filter(position__startswith="deemed").values_list(
        "pk", "slot__mark_basis", "slot__mark_approver"
    ):
        Opinion.objects.filter(pk=pk).update(
            mark_basis=basis or "清单该版本的默认规则", mark_approver=approver or "清单该版本"
        )
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_access_token"),
        ("deadlines", "0001_initial"),
        ("documents", "0001_initial"),
        ("approvals", "0005_marks_and_excuses"),
        ("prereview", "0005_service"),
    ]

    operations = [
        migrations.CreateModel(
            name="ExcuseGround",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=40, verbose_name="事由")),
                ("name_en", models.CharField(max_length=80, verbose_name="英文名称")),
                ("basis", models.CharField(max_length=120, verbose_name="依据")),
                ("certainty", models.CharField(max_length=1, verbose_name="可信度")),
            ],
            options={
                "verbose_name": "请假事由",
                "verbose_name_plural": "请假事由",
                "ordering": ("edition", "pk"),
            },
        ),
        migrations.AddField(
            model_name="invitation",
            name="authority",
            field=models.CharField(
                blank=True,
                choices=[
                    ("role", "本单位任职人员"),
                    ("named", "本单位答复中指定"),
                    ("letter", "授权委托书"),
                    ("none", "未出示授权"),
                ],
                max_length=8,
                verbose_name="代表的授权",
            ),
        ),
        migrations.AddField(
            model_name="invitation",
            name="authority_file",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="documents.attachment",
            ),
        ),
        migrations.AddField(
            model_name="invitation",
            name="opinion_by",
            field=models.DateField(blank=True, null=True, verbose_name="书面意见期限"),
        ),
        migrations.AddField(
            model_name="opinion",
            name="mark_approver",
            field=models.CharField(blank=True, max_length=120, verbose_name="允许默认的批准单位"),
        ),
        migrations.AddField(
            model_name="opinion",
            name="mark_basis",
            field=models.CharField(blank=True, max_length=200, verbose_name="允许默认的依据"),
        ),
        migrations.AddField(
            model_name="slot",
            name="mark_approver",
            field=models.CharField(blank=True, max_length=120, verbose_name="允许默认的批准单位"),
        ),
        migrations.AddField(
            model_name="slot",
            name="mark_basis",
            field=models.CharField(blank=True, max_length=200, verbose_name="允许默认的依据"),
        ),
        migrations.AlterField(
            model_name="invitation",
            name="answer",
            field=models.CharField(
                choices=[
                    ("none", "未答复"),
                    ("coming", "到会"),
                    ("excuse", "请假待决定"),
                    ("granted", "准假"),
                    ("substitute", "派员代替到会"),
                    ("refused", "不准假"),
                ],
                default="none",
                max_length=10,
                verbose_name="答复",
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="opinion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("position__in", ("deemed_timeout", "deemed_absence")), _negated=True),
                    models.Q(
                        models.Q(("mark_basis", ""), _negated=True),
                        models.Q(("mark_approver", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="deemed_is_expressly_marked",
                violation_error_message="没有明确标记允许默认的事项，不得视同无异议。",
            ),
        ),
        migrations.AddField(
            model_name="excuseground",
            name="edition",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="excuses",
                to="deadlines.rulebookedition",
            ),
        ),
        migrations.AddConstraint(
            model_name="excuseground",
            constraint=models.UniqueConstraint(
                fields=("edition", "name"), name="one_ground_per_name"
            ),
        ),
    ]
