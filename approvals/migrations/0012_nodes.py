import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("approvals", "0011_months"),
    ]

    operations = [
        migrations.CreateModel(
            name="CatalogueNode",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=8, verbose_name="编号")),
                ("order", models.PositiveSmallIntegerField(verbose_name="次序")),
                ("name", models.CharField(max_length=40, verbose_name="名称")),
                ("name_en", models.CharField(max_length=80, verbose_name="英文名称")),
                ("reported_by", models.CharField(max_length=10, verbose_name="用哪种报告")),
                (
                    "evidence",
                    models.CharField(blank=True, default="", max_length=200, verbose_name="证据"),
                ),
                ("source", models.CharField(blank=True, max_length=80, verbose_name="来源")),
                ("certainty", models.CharField(max_length=1, verbose_name="可信度")),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="nodes",
                        to="approvals.catalogueedition",
                    ),
                ),
            ],
            options={
                "verbose_name": "建设节点",
                "verbose_name_plural": "建设节点",
                "ordering": ("edition", "order", "pk"),
                "constraints": [
                    models.UniqueConstraint(fields=("edition", "code"), name="one_node_per_code")
                ],
            },
        ),
    ]
