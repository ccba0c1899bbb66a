"""The enterprise of a case is heard before words that were withheld are public again."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("approvals", "0001_initial"),
        ("deadlines", "0001_initial"),
        ("ledger", "0001_initial"),
        ("public_notice", "0012_lifting"),
    ]

    operations = [
        migrations.CreateModel(
            name="LiftingView",
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
                (
                    "result",
                    models.CharField(
                        choices=[
                            ("open", "等待回复"),
                            ("supplied", "已补正"),
                            ("agreed", "同意公开"),
                            ("opposed", "不同意公开"),
                            ("silent", "逾期未回复"),
                            ("ended", "申请已结束，不再需要"),
                        ],
                        default="open",
                        max_length=10,
                        verbose_name="征询结果",
                    ),
                ),
                ("said", models.TextField(blank=True, max_length=500, verbose_name="意见和理由")),
                (
                    "settled_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="回复时间"),
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
                        related_name="lifting_views",
                        to="approvals.filing",
                    ),
                ),
                (
                    "part",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="views",
                        to="public_notice.confidentialpart",
                    ),
                ),
                (
                    "said_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.membership",
                    ),
                ),
            ],
            options={
                "verbose_name": "恢复公开前征求意见",
                "verbose_name_plural": "恢复公开前征求意见",
                "ordering": ("part", "pk"),
                "abstract": False,
                "indexes": [
                    models.Index(
                        condition=models.Q(("act_at__isnull", False)),
                        fields=["book", "act_at"],
                        name="public_notice_liftingview_act",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("result", "open")),
                        fields=("part",),
                        name="one_open_view_of_a_part",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("result", "open"), ("settled_at", None)),
                            models.Q(
                                models.Q(("result", "open"), _negated=True),
                                ("settled_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="settled_view_has_its_time",
                    ),
                ],
            },
        ),
    ]
