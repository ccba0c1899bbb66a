"""The contest of a default, its withdrawal by two persons, and what it costs the department."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_access_token"),
        ("approvals", "0004_stoppages"),
        ("deadlines", "0002_stoppages"),
        ("documents", "0001_initial"),
        ("ledger", "0004_counted_by"),
        ("prereview", "0003_default_on_record"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="makeup",
            name="opinion",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="make_up",
                to="prereview.opinion",
            ),
        ),
        migrations.CreateModel(
            name="Contest",
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
                        choices=[("working_day", "工作日"), ("natural_day", "自然日")],
                        default="working_day",
                        max_length=12,
                        verbose_name="单位",
                    ),
                ),
                ("due_at", models.DateTimeField(blank=True, null=True, verbose_name="到期")),
                ("provisional", models.BooleanField(default=False, verbose_name="日历未公布")),
                ("interrupted", models.BooleanField(default=False, verbose_name="有中止或者延期")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="结束")),
                ("act_at", models.DateTimeField(blank=True, null=True, verbose_name="下次处理")),
                ("text", models.TextField(max_length=2000, verbose_name="异议内容")),
                ("lodged_at", models.DateTimeField(verbose_name="提出时间")),
                (
                    "result",
                    models.CharField(
                        choices=[
                            ("open", "异议待决定"),
                            ("upheld", "异议成立"),
                            ("rejected", "异议不成立"),
                        ],
                        default="open",
                        max_length=8,
                        verbose_name="决定",
                    ),
                ),
                ("reason", models.TextField(blank=True, max_length=2000, verbose_name="决定理由")),
                (
                    "decided_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="决定时间"),
                ),
                (
                    "escalated_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="转督办时间"),
                ),
            ],
            options={
                "verbose_name": "对默认的异议",
                "verbose_name_plural": "对默认的异议",
                "ordering": ("pk",),
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="FollowUp",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("interview", "约谈"), ("referral", "移送")],
                        max_length=10,
                        verbose_name="方式",
                    ),
                ),
                ("note", models.TextField(max_length=2000, verbose_name="办理情况")),
                ("done_at", models.DateTimeField(verbose_name="办结时间")),
            ],
            options={
                "verbose_name": "约谈、移送",
                "verbose_name_plural": "约谈、移送",
                "ordering": ("pk",),
            },
        ),
        migrations.CreateModel(
            name="Withdrawal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "撤回待批准"),
                            ("approved", "已撤回"),
                            ("refused", "撤回未批准"),
                        ],
                        default="proposed",
                        max_length=8,
                        verbose_name="状态",
                    ),
                ),
                ("reason", models.TextField(max_length=2000, verbose_name="撤回理由")),
                ("legal_basis", models.CharField(max_length=200, verbose_name="依据")),
                ("proposed_at", models.DateTimeField(verbose_name="提出时间")),
                (
                    "decided_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="决定时间"),
                ),
                (
                    "decision",
                    models.TextField(blank=True, max_length=2000, verbose_name="批准意见"),
                ),
            ],
            options={
                "verbose_name": "撤回默认",
                "verbose_name_plural": "撤回默认",
                "ordering": ("pk",),
            },
        ),
        migrations.AddConstraint(
            model_name="opinion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("stands_in", models.F("slot")),
                        ("stands_in__isnull", False),
                        ("withdrawn_at__isnull", True),
                    ),
                    models.Q(
                        ("position__in", ("deemed_timeout", "deemed_absence")),
                        ("stands_in__isnull", True),
                        ("withdrawn_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="only_a_withdrawn_default_stands_nowhere",
            ),
        ),
        migrations.AddField(
            model_name="contest",
            name="book",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.book"
            ),
        ),
        migrations.AddField(
            model_name="contest",
            name="calendar",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="deadlines.calendaredition",
                verbose_name="日历版次",
            ),
        ),
        migrations.AddField(
            model_name="contest",
            name="decided_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.membership",
            ),
        ),
        migrations.AddField(
            model_name="contest",
            name="lodged_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.membership",
            ),
        ),
        migrations.AddField(
            model_name="contest",
            name="opinion",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="contest",
                to="prereview.opinion",
            ),
        ),
        migrations.AddField(
            model_name="contest",
            name="paper",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="documents.paper",
            ),
        ),
        migrations.AddField(
            model_name="followup",
            name="agenda",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="follow_ups",
                to="prereview.agendaitem",
            ),
        ),
        migrations.AddField(
            model_name="followup",
            name="department",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.organisation",
            ),
        ),
        migrations.AddField(
            model_name="followup",
            name="done_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.membership",
            ),
        ),
        migrations.AddField(
            model_name="withdrawal",
            name="case",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="approvals.correctioncase",
            ),
        ),
        migrations.AddField(
            model_name="withdrawal",
            name="contest",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="withdrawals",
                to="prereview.contest",
            ),
        ),
        migrations.AddField(
            model_name="withdrawal",
            name="decided_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.membership",
            ),
        ),
        migrations.AddField(
            model_name="withdrawal",
            name="decider",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="withdrawal",
            name="opinion",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="withdrawals",
                to="prereview.opinion",
            ),
        ),
        migrations.AddField(
            model_name="withdrawal",
            name="paper",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="documents.paper",
            ),
        ),
        migrations.AddField(
            model_name="withdrawal",
            name="proposed_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.membership",
            ),
        ),
        migrations.AddField(
            model_name="withdrawal",
            name="proposer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddIndex(
            model_name="contest",
            index=models.Index(
                condition=models.Q(("act_at__isnull", False)),
                fields=["book", "act_at"],
                name="prereview_contest_act",
            ),
        ),
        migrations.AddConstraint(
            model_name="contest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("result", "open"), models.Q(("reason", ""), _negated=True), _connector="OR"
                ),
                name="decided_contest_has_reason",
                violation_error_message="决定异议必须写明理由。",
            ),
        ),
        migrations.AddConstraint(
            model_name="followup",
            constraint=models.UniqueConstraint(
                fields=("agenda", "department"), name="one_follow_up_per_occasion"
            ),
        ),
        migrations.AddConstraint(
            model_name="followup",
            constraint=models.CheckConstraint(
                condition=models.Q(("note", ""), _negated=True), name="follow_up_has_note"
            ),
        ),
        migrations.AddConstraint(
            model_name="withdrawal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("decider__isnull", True),
                    models.Q(("decider", models.F("proposer")), _negated=True),
                    _connector="OR",
                ),
                name="withdrawal_is_decided_by_a_second_person",
                violation_error_message="提出撤回的人不能自己批准。",
            ),
        ),
        migrations.AddConstraint(
            model_name="withdrawal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("reason", ""), _negated=True),
                    models.Q(("legal_basis", ""), _negated=True),
                ),
                name="withdrawal_has_reason_and_basis",
            ),
        ),
        migrations.AddConstraint(
            model_name="withdrawal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decider__isnull", True), ("state", "proposed")),
                    models.Q(
                        ("decided_by__isnull", False),
                        ("decider__isnull", False),
                        models.Q(("decision", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="decided_withdrawal_has_decider_and_words",
            ),
        ),
        migrations.AddConstraint(
            model_name="withdrawal",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ("proposed", "approved"))),
                fields=("opinion",),
                name="one_withdrawal_per_default",
            ),
        ),
    ]
