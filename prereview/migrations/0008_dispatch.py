"""Accepted files are sent to the departments, with a record of service like that of a summons."""

from functools import partial

import django.db.models.deletion
from django.db import migrations, models

from core.ledger.append_only import allow, forbid

TABLES = ["prereview_dispatchattempt"]


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_access_token"),
        ("approvals", "0005_marks_and_excuses"),
        ("deadlines", "0003_the_countys_own_days"),
        ("documents", "0001_initial"),
        ("ledger", "0004_counted_by"),
        ("prereview", "0007_other_words"),
    ]

    operations = [
        migrations.CreateModel(
            name="Dispatch",
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
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="结束")),
                ("act_at", models.DateTimeField(blank=True, null=True, verbose_name="下次处理")),
                ("interrupted", models.BooleanField(default=False, verbose_name="有中止或者延期")),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("system", "系统送达"),
                            ("paper", "书面送达签收"),
                            ("phone", "电话通知（两人在场）"),
                            ("room", "到会签收"),
                        ],
                        default="system",
                        max_length=8,
                        verbose_name="送达方式",
                    ),
                ),
                (
                    "acknowledged_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="签收时间"),
                ),
                (
                    "received_by",
                    models.CharField(blank=True, max_length=60, verbose_name="书面签收人"),
                ),
                (
                    "second_channel_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="转第二种方式"),
                ),
                ("sent_at", models.DateTimeField(verbose_name="分送时间")),
                (
                    "acknowledged_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.membership",
                    ),
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
                    "department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="dispatches",
                        to="accounts.organisation",
                    ),
                ),
                (
                    "filing",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="dispatches",
                        to="approvals.filing",
                    ),
                ),
                (
                    "proof",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="documents.attachment",
                    ),
                ),
            ],
            options={
                "verbose_name": "分送",
                "verbose_name_plural": "分送",
                "ordering": ("filing", "department__code"),
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="DispatchAttempt",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("system", "系统送达"),
                            ("paper", "书面送达签收"),
                            ("phone", "电话通知（两人在场）"),
                            ("room", "到会签收"),
                        ],
                        max_length=8,
                        verbose_name="送达方式",
                    ),
                ),
                ("received", models.BooleanField(verbose_name="已签收")),
                ("moment", models.DateTimeField(verbose_name="时间")),
                ("witness", models.CharField(blank=True, max_length=60, verbose_name="在场第二人")),
                (
                    "receiver",
                    models.CharField(blank=True, max_length=60, verbose_name="书面签收（接听）人"),
                ),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="未送达的情况")),
                (
                    "acknowledged_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.membership",
                        verbose_name="签收人",
                    ),
                ),
                (
                    "dispatch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attempts",
                        to="prereview.dispatch",
                    ),
                ),
                (
                    "proof",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="documents.attachment",
                        verbose_name="凭证",
                    ),
                ),
                (
                    "served_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.membership",
                        verbose_name="送达人",
                    ),
                ),
            ],
            options={
                "verbose_name": "分送送达记录",
                "verbose_name_plural": "分送送达记录",
                "ordering": ("moment", "pk"),
                "abstract": False,
            },
        ),
        migrations.AddIndex(
            model_name="dispatch",
            index=models.Index(
                condition=models.Q(("act_at__isnull", False)),
                fields=["book", "act_at"],
                name="prereview_dispatch_act",
            ),
        ),
        migrations.AddConstraint(
            model_name="dispatch",
            constraint=models.UniqueConstraint(
                fields=("filing", "department"), name="one_dispatch_per_department"
            ),
        ),
        migrations.AddConstraint(
            model_name="dispatchattempt",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("received", False),
                    models.Q(
                        models.Q(("channel__in", ("paper", "phone")), _negated=True),
                        ("acknowledged_by__isnull", False),
                    ),
                    models.Q(
                        ("channel__in", ("paper", "phone")),
                        ("proof__isnull", False),
                        models.Q(("receiver", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="dispatchattempt_receipt_is_proven",
                violation_error_message="没有签收人和凭证的，不能认定送达。",
            ),
        ),
        migrations.AddConstraint(
            model_name="dispatchattempt",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("channel", "phone"), _negated=True),
                    models.Q(("witness", ""), _negated=True),
                    _connector="OR",
                ),
                name="dispatchattempt_telephone_has_two",
                violation_error_message="电话通知必须有两人在场。",
            ),
        ),
        migrations.RunPython(partial(forbid, tables=TABLES), partial(allow, tables=TABLES)),
    ]
