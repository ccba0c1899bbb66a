import django.db.models.deletion
from django.db import migrations, models

from core.ledger.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_led_from_above"),
        ("documents", "0005_paper_versions"),
        ("inspection", "0008_nodes_and_pledges"),
        ("ledger", "0005_issued_papers"),
    ]

    operations = [
        migrations.CreateModel(
            name="UnusedPledge",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("revealed_at", models.DateTimeField(verbose_name="公开时间")),
                (
                    "pledge",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="unused",
                        to="inspection.drawpledge",
                    ),
                ),
                (
                    "revealed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.membership",
                    ),
                ),
            ],
            options={
                "verbose_name": "未使用的抽取预告",
                "verbose_name_plural": "未使用的抽取预告",
                "ordering": ("-pledge",),
            },
        ),
        migrations.CreateModel(
            name="NodeChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("turn", models.PositiveSmallIntegerField(verbose_name="第几次变更")),
                (
                    "promised_before",
                    models.DateField(blank=True, null=True, verbose_name="原承诺日期"),
                ),
                ("promised_on", models.DateField(verbose_name="变更后的承诺日期")),
                ("reason", models.CharField(max_length=400, verbose_name="变更理由")),
                ("changed_at", models.DateTimeField(verbose_name="变更时间")),
                (
                    "attachment",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="documents.attachment",
                    ),
                ),
                (
                    "changed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.membership",
                    ),
                ),
                (
                    "node",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="changes",
                        to="inspection.sitenode",
                    ),
                ),
            ],
            options={
                "verbose_name": "节点日期变更",
                "verbose_name_plural": "节点日期变更",
                "ordering": ("node", "turn"),
                "constraints": [
                    models.UniqueConstraint(fields=("node", "turn"), name="one_change_per_turn")
                ],
            },
        ),
        AppendOnly(["inspection_nodechange", "inspection_unusedpledge"]),
    ]
