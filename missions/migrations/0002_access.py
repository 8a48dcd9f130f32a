"""Scopes of tokens, enrolment of ships, the audit log; existing tokens keep what a ship needs to fly."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
import missions.models.tokens
from django.db import migrations, models

SCOPES = ['missions:write', 'reports:write', 'lake:read']


class Migration(migrations.Migration):

    dependencies = [
        ('missions', '0001_initial'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='shiptoken',
            options={'ordering': ['-token_id'], 'permissions': [('revoke_shiptoken', 'Can revoke ship tokens'), ('scope_shiptoken', 'Can change their scopes')], 'verbose_name': 'ship token'},
        ),
        migrations.AddField(
            model_name='shiptoken',
            name='scopes',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), db_comment='What it allows: missions:write, reports:write, lake:read', default=missions.models.tokens.ship_scopes, size=None),
        ),
        migrations.AddField(
            model_name='shiptoken',
            name='ship_name',
            field=models.CharField(blank=True, db_comment="The only ship that may fly with it; null for a fleet's token", max_length=64, null=True, verbose_name='ship'),
        ),
        migrations.AddConstraint(
            model_name='shiptoken',
            constraint=models.CheckConstraint(condition=models.Q(('scopes__contained_by', SCOPES), ('scopes__len__gt', 0)), name='ship_tokens_scopes_known'),
        ),
        migrations.CreateModel(
            name='Enrolment',
            fields=[
                ('enrolment_id', models.BigAutoField(db_comment='Number of the enrolment', primary_key=True, serialize=False)),
                ('ship_name', models.CharField(db_comment='Ship that it is for', max_length=64, verbose_name='ship')),
                ('sha256', models.CharField(db_comment='SHA-256 of the one-time secret, in hex', max_length=64, unique=True)),
                ('scopes', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), db_comment="What the ship's token will allow", default=missions.models.tokens.ship_scopes, size=None)),
                ('made_by', models.CharField(db_comment='Who made it', max_length=150)),
                ('created_at', models.DateTimeField(db_comment='When it was made, UTC', db_default=django.db.models.functions.datetime.Now())),
                ('expires_at', models.DateTimeField(db_comment='Until when it can be used, UTC')),
                ('used_at', models.DateTimeField(blank=True, db_comment='When the ship enrolled, UTC', null=True)),
                ('revoked_at', models.DateTimeField(blank=True, db_comment='Since when it is refused, UTC', null=True)),
                ('token', models.OneToOneField(blank=True, db_comment='Token that the ship got', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='enrolment', to='missions.shiptoken')),
            ],
            options={
                'db_table': 'params"."enrolments',
                'db_table_comment': 'Invitations of ships, each used once; the secrets themselves are not kept',
                'ordering': ['-enrolment_id'],
                'permissions': [('invite_enrolment', 'Can make one-time secrets for ships'), ('revoke_enrolment', 'Can revoke one-time secrets')],
                'constraints': [models.CheckConstraint(condition=models.Q(('scopes__contained_by', SCOPES), ('scopes__len__gt', 0)), name='enrolments_scopes_known'), models.CheckConstraint(condition=models.Q(models.Q(('token__isnull', True), ('used_at__isnull', True)), models.Q(('token__isnull', False), ('used_at__isnull', False)), _connector='OR'), name='enrolments_token_iff_used')],
            },
        ),
        migrations.CreateModel(
            name='AuditEntry',
            fields=[
                ('id', models.BigAutoField(db_comment='Number of the entry', primary_key=True, serialize=False)),
                ('at', models.DateTimeField(db_comment='When it was answered, UTC', db_default=django.db.models.functions.datetime.Now())),
                ('channel', models.CharField(choices=[('api', 'API'), ('admin', 'admin'), ('command', 'command')], db_comment='api, admin or command', max_length=7)),
                ('who', models.CharField(db_comment='Name of the token or the user; what else is known of the asker', max_length=150)),
                ('token_id', models.BigIntegerField(blank=True, db_comment='Token in params.ship_tokens', null=True)),
                ('user_id', models.BigIntegerField(blank=True, db_comment='User in auth_user', null=True)),
                ('address', models.GenericIPAddressField(blank=True, db_comment='Address that it came from', null=True)),
                ('action', models.CharField(db_comment='What was asked for: method and route, or the command', max_length=100)),
                ('subject', models.CharField(blank=True, db_comment='What it was about, such as mission 12', max_length=200)),
                ('outcome', models.CharField(choices=[('done', 'done'), ('refused', 'refused'), ('failed', 'failed')], db_comment='done, refused or failed', max_length=7)),
                ('status', models.PositiveSmallIntegerField(blank=True, db_comment='HTTP status of the answer', null=True)),
                ('detail', models.CharField(blank=True, db_comment='Why it was refused, or what was done', max_length=500)),
            ],
            options={
                'verbose_name': 'audit log entry',
                'verbose_name_plural': 'audit log',
                'db_table': 'params"."audit_log',
                'db_table_comment': 'Every write through API, admin and commands, a row each; kept for AUDIT_LOG_DAYS',
                'ordering': ['-id'],
                'indexes': [models.Index(fields=['at'], name='audit_log_at')],
                'constraints': [models.CheckConstraint(condition=models.Q(('channel__in', ['api', 'admin', 'command'])), name='audit_log_channel_known'), models.CheckConstraint(condition=models.Q(('outcome__in', ['done', 'refused', 'failed'])), name='audit_log_outcome_known')],
            },
        ),
    ]
