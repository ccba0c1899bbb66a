from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("deadlines", "0003_notice_watch"),
    ]

    operations = [
        migrations.AlterField(
            model_name="suspension",
            name="kind",
            field=models.CharField(
                choices=[
                    ("correction", "补正材料"),
                    ("expert_review", "专家评审、检验检测、鉴定"),
                    ("hearing", "听证"),
                    ("public_notice", "法定公示"),
                    ("third_party", "征求第三方或者其他机关意见"),
                    ("force_majeure", "不可抗力"),
                    ("stop_order", "责令停工"),
                ],
                max_length=16,
                verbose_name="事由",
            ),
        ),
    ]
