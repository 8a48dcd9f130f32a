"""How the platform's parts were, and what the audits found, in a schema of their own."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('telemetry', '0006_admin'),
    ]

    operations = [
        migrations.RunSQL(
            "CREATE SCHEMA IF NOT EXISTS ops; COMMENT ON SCHEMA ops IS 'How the platform itself is'",
            "DROP SCHEMA IF EXISTS ops",
        ),
        migrations.CreateModel(
            name='AuditRun',
            fields=[
                ('id', models.BigAutoField(db_comment='Number of the audit', primary_key=True, serialize=False)),
                ('started_at', models.DateTimeField(db_comment='When it began, UTC')),
                ('seconds', models.FloatField(db_comment='How long it took, s')),
                ('ok', models.BooleanField(db_comment='Whether no invariant was found broken')),
                ('rows', models.JSONField(db_comment='A row an invariant: its number, name, verdict, figures, and what breaks it')),
            ],
            options={
                'db_table': 'ops"."audit_runs',
                'db_table_comment': 'What the audits of the invariants found, the newest 700',
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='StatusSample',
            fields=[
                ('id', models.BigAutoField(db_comment='Number of the sample', primary_key=True, serialize=False)),
                ('at', models.DateTimeField(db_comment='Minute of the sample, UTC')),
                ('part', models.TextField(db_comment='Which part, by its short name')),
                ('asked_at', models.DateTimeField(db_comment='When it was asked, UTC')),
                ('state', models.TextField(choices=[('healthy', 'healthy'), ('degraded', 'degraded'), ('down', 'down'), ('idle', 'not started')], db_comment='healthy, degraded, down or idle (not started)')),
                ('said', models.TextField(blank=True, db_comment='Why it is not healthy, a sentence', default='')),
                ('seconds', models.FloatField(db_comment='How long its answer took, s; null when there was none', null=True)),
                ('version', models.TextField(blank=True, db_comment='Its version, where it tells one', default='')),
                ('up_since', models.DateTimeField(db_comment='When it was started, UTC, where it tells that', null=True)),
                ('lag', models.BigIntegerField(db_comment='Messages, jobs or reports that wait for it', null=True)),
                ('freshness_s', models.FloatField(db_comment='Age of the newest it has worked off, s', null=True)),
                ('facts', models.JSONField(db_comment='More of what it told, by name', default=dict)),
            ],
            options={
                'db_table': 'ops"."status_samples',
                'db_table_comment': 'How each part of the platform was, a row a part a minute, kept for a day',
                'ordering': ['-at', 'part'],
                'constraints': [models.UniqueConstraint(fields=('at', 'part'), name='status_samples_minute'), models.CheckConstraint(condition=models.Q(('state__in', ['healthy', 'degraded', 'down', 'idle'])), name='status_samples_state_known')],
            },
        ),
    ]
