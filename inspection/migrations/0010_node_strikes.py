import django.db.models.deletion
from django.db import migrations, models

from core.ledger.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_led_from_above"),
        ("documents", "0005_paper_versions"),
        ("inspection", "0009_node_changes"),
    ]

    operations = [
        migrations.CreateModel(
            name="NodeStrike",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("promised_before", models.DateField(verbose_name="原承诺日期")),
                ("reason", models.CharField(max_length=400, verbose_name="核减理由")),
                ("struck_at", models.DateTimeField(verbose_name="核减时间")),
                (
                    "attachment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="documents.attachment",
                    ),
                ),
                (
                    "node",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="strikes",
                        to="inspection.sitenode",
                    ),
                ),
                (
                    "struck_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.membership",
                    ),
                ),
            ],
            options={
                "verbose_name": "节点核减",
                "verbose_name_plural": "节点核减",
                "ordering": ("node", "pk"),
            },
        ),
        AppendOnly(["inspection_nodestrike"]),
    ]
