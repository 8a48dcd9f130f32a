"""Indexes for the admin's dates, and the permission to send dead letters once more."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('telemetry', '0005_ingest'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='deadletterreplay',
            options={'ordering': ['-id'], 'permissions': [('replay_deadletterreplay', 'Can send dead letters once more')], 'verbose_name': 'dead letter replay'},
        ),
        migrations.AddIndex(
            model_name='manifest',
            index=models.Index(fields=['loaded_at'], name='manifests_loaded_at'),
        ),
        migrations.AddIndex(
            model_name='reportupload',
            index=models.Index(fields=['announced_at'], name='report_uploads_announced'),
        ),
    ]
