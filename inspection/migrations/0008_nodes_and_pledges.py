import django.db.models.deletion
from django.db import migrations, models

from core.ledger.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_led_from_above"),
        ("approvals", "0012_nodes"),
        ("deadlines", "0003_notice_watch"),
        ("inspection", "0007_months"),
        ("ledger", "0005_issued_papers"),
    ]

    operations = [
        migrations.AddField(
            model_name="draw",
            name="checkpoint",
            field=models.CharField(
                blank=True, default="", max_length=64, verbose_name="检查点摘要"
            ),
        ),
        migrations.CreateModel(
            name="DrawPledge",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("quarter", models.CharField(max_length=6, verbose_name="季度")),
                ("turn", models.PositiveSmallIntegerField(default=1, verbose_name="次数")),
                ("secret", models.CharField(max_length=64, verbose_name="密值")),
                ("commitment", models.CharField(max_length=64, verbose_name="密值摘要")),
                ("announced_at", models.DateTimeField(verbose_name="预告时间")),
                (
                    "announced_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.membership",
                    ),
                ),
            ],
            options={
                "verbose_name": "抽取预告",
                "verbose_name_plural": "抽取预告",
                "ordering": ("-quarter", "-turn"),
            },
        ),
        migrations.AddField(
            model_name="draw",
            name="pledge",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="draw",
                to="inspection.drawpledge",
            ),
        ),
        migrations.CreateModel(
            name="SiteNode",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("rule", models.CharField(max_length=8, verbose_name="时限")),
                ("started_at", models.DateTimeField(blank=True, null=True, verbose_name="起算")),
                (
                    "length",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="长度"),
                ),
                (
                    "unit",
                    models.CharField(
                        choices=[
                            ("working_day", "工作日"),
                            ("natural_day", "自然日"),
                            ("month", "个月"),
                        ],
                        default="working_day",
                        max_length=12,
                        verbose_name="单位",
                    ),
                ),
                ("due_at", models.DateTimeField(blank=True, null=True, verbose_name="到期")),
                ("provisional", models.BooleanField(default=False, verbose_name="日历未公布")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="结束")),
                ("act_at", models.DateTimeField(blank=True, null=True, verbose_name="下次处理")),
                ("interrupted", models.BooleanField(default=False, verbose_name="有中止或者延期")),
                ("promised_on", models.DateField(blank=True, null=True, verbose_name="承诺日期")),
                ("promised_at", models.DateTimeField(verbose_name="承诺时间")),
                (
                    "escalated_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="转督办时间"),
                ),
                (
                    "book",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.book",
                    ),
                ),
                (
                    "calendar",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="deadlines.calendaredition",
                        verbose_name="日历版次",
                    ),
                ),
                (
                    "filing",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="site_nodes",
                        to="approvals.filing",
                    ),
                ),
                (
                    "node",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="approvals.cataloguenode",
                    ),
                ),
            ],
            options={
                "verbose_name": "计划节点",
                "verbose_name_plural": "计划节点",
                "ordering": ("filing", "node__order", "pk"),
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="report",
            name="node",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="report",
                to="inspection.sitenode",
            ),
        ),
        migrations.AddConstraint(
            model_name="drawpledge",
            constraint=models.UniqueConstraint(
                fields=("quarter", "turn"), name="one_pledge_per_turn"
            ),
        ),
        migrations.AddIndex(
            model_name="sitenode",
            index=models.Index(
                condition=models.Q(("act_at__isnull", False)),
                fields=["book", "act_at"],
                name="inspection_sitenode_act",
            ),
        ),
        migrations.AddConstraint(
            model_name="sitenode",
            constraint=models.UniqueConstraint(
                fields=("filing", "node"), name="one_promise_per_node"
            ),
        ),
        AppendOnly(["inspection_drawpledge"]),
    ]
