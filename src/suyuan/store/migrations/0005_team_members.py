from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0004_uploads"),
    ]

    operations = [
        migrations.AddField(
            model_name="teamrow",
            name="members",
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name="teamrow",
            name="turn",
            field=models.BigIntegerField(default=0),
        ),
    ]
