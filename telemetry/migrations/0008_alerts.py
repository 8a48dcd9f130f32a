"""Alerts that Alertmanager tells of."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('telemetry', '0007_status'),
    ]

    operations = [
        migrations.CreateModel(
            name='Alert',
            fields=[
                ('id', models.BigAutoField(db_comment='Number of the alert', primary_key=True, serialize=False)),
                ('fingerprint', models.CharField(db_comment='Hash of its labels, in hex: which alert it is', max_length=16)),
                ('starts_at', models.DateTimeField(db_comment='When it began to fire, UTC')),
                ('ends_at', models.DateTimeField(blank=True, db_comment='When it was over, UTC; null until then', null=True)),
                ('told_at', models.DateTimeField(db_comment='When Alertmanager last told of it, UTC')),
                ('name', models.TextField(db_comment="Name of the alert, as in its runbook's")),
                ('severity', models.TextField(blank=True, db_comment='critical, warning, info or none', default='')),
                ('part', models.TextField(blank=True, db_comment='Part of the platform that it is about', default='')),
                ('summary', models.TextField(blank=True, db_comment='What is wrong, a sentence', default='')),
                ('labels', models.JSONField(db_comment='All labels, by name', default=dict)),
                ('annotations', models.JSONField(db_comment='What to do, and where to look, by name', default=dict)),
            ],
            options={
                'db_table': 'ops"."alerts',
                'db_table_comment': 'Alerts that Alertmanager told of, a row each; kept for ALERTS_DAYS',
                'ordering': ['-id'],
                'indexes': [models.Index(fields=['told_at'], name='alerts_told_at'), models.Index(fields=['starts_at'], name='alerts_starts_at')],
                'constraints': [models.UniqueConstraint(fields=('fingerprint', 'starts_at'), name='alerts_once')],
            },
        ),
    ]
