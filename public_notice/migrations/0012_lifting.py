"""What is withheld can be public again; what was written in a questionnaire knows with how many it was shown."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("public_notice", "0011_open_texts"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="surveyremark",
            options={
                "ordering": ("-shown_with", "id"),
                "verbose_name": "满意度意见",
                "verbose_name_plural": "满意度意见",
            },
        ),
        migrations.AddField(
            model_name="confidentialpart",
            name="lifting_asked_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="提请恢复公开时间"),
        ),
        migrations.AddField(
            model_name="confidentialpart",
            name="lifting_asked_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.membership",
            ),
        ),
        migrations.AddField(
            model_name="confidentialpart",
            name="lifting_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="恢复公开决定时间"),
        ),
        migrations.AddField(
            model_name="confidentialpart",
            name="lifting_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.membership",
            ),
        ),
        migrations.AddField(
            model_name="confidentialpart",
            name="lifting_note",
            field=models.CharField(blank=True, max_length=300, verbose_name="恢复公开决定说明"),
        ),
        migrations.AddField(
            model_name="confidentialpart",
            name="lifting_reason",
            field=models.CharField(blank=True, max_length=300, verbose_name="恢复公开的理由"),
        ),
        migrations.AddField(
            model_name="surveyremark",
            name="shown_with",
            field=models.PositiveIntegerField(default=0, verbose_name="公开时的问卷份数"),
        ),
        migrations.AlterField(
            model_name="confidentialpart",
            name="state",
            field=models.CharField(
                choices=[
                    ("asked", "待第二人审核"),
                    ("granted", "不公开"),
                    ("refused", "照常公开"),
                    ("lifted", "已恢复公开"),
                ],
                default="asked",
                max_length=10,
                verbose_name="状态",
            ),
        ),
        migrations.AddConstraint(
            model_name="confidentialpart",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("lifting_by", models.F("lifting_asked_by")), _negated=True),
                    ("lifting_by", None),
                    _connector="OR",
                ),
                name="part_is_lifted_by_another",
                violation_error_message="提请恢复公开的人不能自己决定。",
            ),
        ),
        migrations.AddConstraint(
            model_name="confidentialpart",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "lifted"), _negated=True),
                    models.Q(
                        ("lifting_at__isnull", False),
                        ("lifting_by__isnull", False),
                        models.Q(("lifting_reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="lifted_part_has_reason_and_two_persons",
            ),
        ),
    ]
