"""The record of service: one row per attempt and per receipt, written once."""

from functools import partial

import django.db.models.deletion
from django.db import migrations, models

from core.ledger.append_only import allow, forbid

TABLES = ["prereview_summonsattempt"]


def fill(apps, schema_editor):
    """What the summons say of their service so far becomes its record."""
    Invitation = apps.get_model("prereview", "Invitation")
    Attempt = apps.get_model("prereview", "SummonsAttempt")
    for one in Invitation.objects.select_related("session").iterator():
        convenor = one.session.convenor_id
        Attempt.objects.create(
            invitation=one,
            channel="system",
            received=False,
            moment=one.served_at,
            served_by_id=convenor,
        )
        if one.acknowledged_at is None:
            continue
        by_hand = one.channel in ("paper", "phone") and one.proof_id and one.received_by
        signed = "system" if one.acknowledged_by_id else "room"
        Attempt.objects.create(
            invitation=one,
            channel=one.channel if by_hand else signed,
            received=True,
            moment=one.acknowledged_at,
            served_by_id=one.acknowledged_by_id or convenor,
            acknowledged_by_id=None if by_hand else one.acknowledged_by_id or convenor,
            receiver=one.received_by,
            proof_id=one.proof_id,
            witness="—" if by_hand and one.channel == "phone" else "",
        )


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_access_token"),
        ("documents", "0001_initial"),
        ("prereview", "0004_contest_and_withdrawal"),
    ]

    operations = [
        migrations.AlterField(
            model_name="invitation",
            name="channel",
            field=models.CharField(
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
        migrations.CreateModel(
            name="SummonsAttempt",
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
                    "invitation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attempts",
                        to="prereview.invitation",
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
                "verbose_name": "会次通知送达记录",
                "verbose_name_plural": "会次通知送达记录",
                "ordering": ("moment", "pk"),
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
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
                        name="summonsattempt_receipt_is_proven",
                        violation_error_message="没有签收人和凭证的，不能认定送达。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("channel", "phone"), _negated=True),
                            models.Q(("witness", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="summonsattempt_telephone_has_two",
                        violation_error_message="电话通知必须有两人在场。",
                    ),
                ],
            },
        ),
        migrations.RunPython(partial(forbid, tables=TABLES), partial(allow, tables=TABLES)),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
