import django.db.models.deletion
from django.db import migrations, models

STATES = [
    ("waiting", "等待后台处理"), ("running", "正在处理"), ("done", "已完成"), ("refused", "没有完成"),
    ("cancelled", "已取消"),
]  # fmt: skip
WORKS = [
    ("check_past", "检查往年台账"), ("load_past", "载入往年台账"), ("check_tables", "检查清单表格"),
    ("load_tables", "写入清单草案"),
]  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("desk", "0006_evidence")]

    operations = [
        migrations.RemoveConstraint("pastload", "what_is_loaded_has_its_batch"),
        migrations.RenameModel("PastLoad", "SheetTask"),
        migrations.AlterModelOptions(
            "sheettask",
            {"ordering": ("-pk",), "verbose_name": "表格任务", "verbose_name_plural": "表格任务"},
        ),
        migrations.AddField(
            "sheettask",
            "work",
            models.CharField(
                choices=WORKS, default="load_past", max_length=12, verbose_name="做什么"
            ),
        ),
        migrations.AddField(
            "sheettask",
            "draft",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="desk.cataloguedraft",
            ),
        ),
        migrations.AddField(
            "sheettask", "after", models.PositiveIntegerField(blank=True, null=True)
        ),
        migrations.AddField(
            "sheettask", "language", models.CharField(default="zh-hans", max_length=10)
        ),
        migrations.AddField(
            "sheettask", "found", models.JSONField(default=dict, verbose_name="检查结果")
        ),
        migrations.AlterField(
            "sheettask", "token", models.CharField(editable=False, max_length=32)
        ),
        migrations.AlterField(
            "sheettask", "rows", models.PositiveIntegerField(default=0, verbose_name="行数")
        ),
        migrations.AlterField(
            "sheettask", "said", models.JSONField(default=list, verbose_name="没有完成的原因")
        ),
        migrations.AlterField(
            "sheettask",
            "state",
            models.CharField(choices=STATES, default="waiting", max_length=10, verbose_name="状态"),
        ),
        migrations.AddConstraint(
            "sheettask",
            models.UniqueConstraint(fields=("token", "work"), name="one_sheet_task_per_file"),
        ),
        migrations.AddConstraint(
            "sheettask",
            models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "done"), ("work", "load_past"), _negated=True),
                    ("batch__isnull", False),
                    _connector="OR",
                ),
                name="what_is_loaded_has_its_batch",
            ),
        ),
        migrations.AddConstraint(
            "sheettask",
            models.CheckConstraint(
                condition=models.Q(
                    models.Q(("draft", None), ("work__in", ["check_past", "load_past"])),
                    models.Q(
                        ("draft__isnull", False), ("work__in", ["check_tables", "load_tables"])
                    ),
                    _connector="OR",
                ),
                name="tables_of_the_catalogue_have_their_draft",
            ),
        ),
    ]
