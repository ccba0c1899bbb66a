"""Words that are no outcome yet: begun and not sent, or come by another channel."""

from functools import partial

import django.db.models.deletion
from django.db import migrations, models


from core.ledger.append_only import allow, forbid

TABLES = ["prereview_enteredopinion"]


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_access_token"),
        ("documents", "0001_initial"),
        ("prereview", "0006_marks_and_excuses"),
    ]

    operations = [
        migrations.AddField(
            model_name="slot",
            name="invalid_form_at",
            field=models.DateTimeField(
                blank=True, null=True, verbose_name="形式不合的意见收到时间"
            ),
        ),
        migrations.CreateModel(
            name="EnteredOpinion",
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
                        choices=[("paper", "书面送达签收"), ("phone", "电话通知（两人在场）")],
                        max_length=8,
                        verbose_name="来文方式",
                    ),
                ),
                (
                    "position",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("agree", "同意"),
                            ("conditions", "附条件同意"),
                            ("disagree", "不同意"),
                            ("not_ours", "不属本部门"),
                            ("deemed_timeout", "视同无异议（超时）"),
                            ("deemed_absence", "视同无异议（缺席）"),
                            ("no_opinion", "未表态"),
                        ],
                        max_length=16,
                        verbose_name="意见",
                    ),
                ),
                ("reason", models.TextField(blank=True, verbose_name="理由")),
                ("clause", models.CharField(blank=True, max_length=200, verbose_name="法律条款")),
                ("conditions", models.JSONField(blank=True, default=list, verbose_name="条件")),
                ("speaker", models.CharField(max_length=60, verbose_name="签发（来电）人")),
                ("witness", models.CharField(blank=True, max_length=60, verbose_name="在场第二人")),
                ("received_at", models.DateTimeField(verbose_name="收到时间")),
                ("invalid", models.CharField(blank=True, max_length=200, verbose_name="形式不合")),
                (
                    "entered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.membership",
                    ),
                ),
                (
                    "proof",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="documents.attachment",
                    ),
                ),
                (
                    "slot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entered",
                        to="prereview.slot",
                    ),
                ),
            ],
            options={
                "verbose_name": "其他渠道意见",
                "verbose_name_plural": "其他渠道意见",
                "ordering": ("pk",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("channel", "phone"), _negated=True),
                            models.Q(("invalid", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="spoken_word_is_no_written_opinion",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="OpinionDraft",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "position",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("agree", "同意"),
                            ("conditions", "附条件同意"),
                            ("disagree", "不同意"),
                            ("not_ours", "不属本部门"),
                            ("deemed_timeout", "视同无异议（超时）"),
                            ("deemed_absence", "视同无异议（缺席）"),
                            ("no_opinion", "未表态"),
                        ],
                        max_length=16,
                        verbose_name="意见",
                    ),
                ),
                ("reason", models.TextField(blank=True, verbose_name="理由")),
                ("clause", models.CharField(blank=True, max_length=200, verbose_name="法律条款")),
                ("conditions", models.JSONField(blank=True, default=list, verbose_name="条件")),
                ("saved_at", models.DateTimeField(verbose_name="保存时间")),
                ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="提交时间")),
                ("late_at", models.DateTimeField(blank=True, null=True, verbose_name="迟到")),
                (
                    "saved_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.membership",
                    ),
                ),
                (
                    "slot",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="draft",
                        to="prereview.slot",
                    ),
                ),
            ],
            options={
                "verbose_name": "意见草稿",
                "verbose_name_plural": "意见草稿",
                "ordering": ("slot",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("sent_at__isnull", True), ("late_at__isnull", True), _connector="OR"
                        ),
                        name="draft_is_sent_or_late",
                    )
                ],
            },
        ),
        migrations.RunPython(partial(forbid, tables=TABLES), partial(allow, tables=TABLES)),
    ]
