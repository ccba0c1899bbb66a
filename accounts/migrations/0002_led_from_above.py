from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="organisation",
            name="led_from_above_since",
            field=models.DateField(blank=True, null=True, verbose_name="自何日起由上级领导"),
        ),
    ]
