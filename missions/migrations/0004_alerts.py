"""The scope alerts:write."""

import django.contrib.postgres.fields
import missions.models.tokens
from django.db import migrations, models

SCOPES = ['missions:write', 'reports:write', 'lake:read', 'alerts:write']


class Migration(migrations.Migration):

    dependencies = [
        ('missions', '0003_mission_days'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='enrolment',
            name='enrolments_scopes_known',
        ),
        migrations.RemoveConstraint(
            model_name='shiptoken',
            name='ship_tokens_scopes_known',
        ),
        migrations.AlterField(
            model_name='shiptoken',
            name='scopes',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), db_comment='What it allows, such as missions:write', default=missions.models.tokens.ship_scopes, size=None),
        ),
        migrations.AddConstraint(
            model_name='enrolment',
            constraint=models.CheckConstraint(condition=models.Q(('scopes__contained_by', SCOPES), ('scopes__len__gt', 0)), name='enrolments_scopes_known'),
        ),
        migrations.AddConstraint(
            model_name='shiptoken',
            constraint=models.CheckConstraint(condition=models.Q(('scopes__contained_by', SCOPES), ('scopes__len__gt', 0)), name='ship_tokens_scopes_known'),
        ),
    ]
