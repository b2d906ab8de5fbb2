"""Indexes for the board, the clock and the lists of tasks."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0005_team_members"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="contactrow",
            index=models.Index(fields=["incident", "district", "state", "accepted_at"], name="contact_board"),
        ),
        migrations.AddIndex(
            model_name="followuprow",
            index=models.Index(
                condition=models.Q(("state", "active")),
                fields=["incident", "district", "n_missed"],
                name="follow_up_missed",
            ),
        ),
        migrations.AddIndex(
            model_name="orderrow",
            index=models.Index(fields=["incident", "district", "state", "signed_at", "ended_at"], name="order_board"),
        ),
        migrations.AddIndex(
            model_name="taskrow",
            index=models.Index(
                condition=models.Q(("state__in", ["open", "taken"])),
                fields=["kind", "due_at", "id"],
                name="task_kind_due",
            ),
        ),
        migrations.AddIndex(
            model_name="taskrow",
            index=models.Index(
                condition=models.Q(("state__in", ["open", "taken"])),
                fields=["level", "due_at", "id"],
                name="task_level_due",
            ),
        ),
        migrations.AddIndex(
            model_name="taskrow",
            index=models.Index(
                condition=models.Q(("state__in", ["open", "taken"])),
                fields=["due_at", "group", "district", "incident"],
                name="task_late",
            ),
        ),
        migrations.AddIndex(
            model_name="taskrow",
            index=models.Index(condition=models.Q(("state", "done")), fields=["-done_at", "-id"], name="task_done"),
        ),
    ]
