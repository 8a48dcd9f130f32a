"""Treasures, builds of the marts, ticks of a manifest, and foreign keys; what stands already is filled in."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

from ships_client.contracts import CATALOGUE
from ships_client.contracts.world import ItemKind

TICKS = """
UPDATE ll.manifests AS m SET first_tick_at = s.first_tick_at, last_tick_at = s.last_tick_at
FROM (SELECT source_file, min(timestamp) AS first_tick_at, max(timestamp) AS last_tick_at
      FROM ll.ship_state GROUP BY source_file) AS s
WHERE s.source_file = m.ship_state_file
"""

TREASURES = """
INSERT INTO ll.treasure_reports (manifest_id, row_no, mission_id, item, value, timestamp, loaded_at)
SELECT manifest_id, row_no, mission_id, item, value, timestamp, loaded_at
FROM ll.mission_reports WHERE item = ANY (%s) ORDER BY id
"""

# ll.report_uploads has none: it also keeps the reports of missions that do not exist, with just that reason.
KEYS = [
    (
        "ALTER TABLE ll.manifests ADD CONSTRAINT manifests_mission"
        " FOREIGN KEY (mission_id) REFERENCES params.missions (mission_id)",
        "ALTER TABLE ll.manifests DROP CONSTRAINT manifests_mission",
    ),
    (
        "ALTER TABLE ll.mission_reports ADD CONSTRAINT mission_reports_manifest"
        " FOREIGN KEY (manifest_id, mission_id) REFERENCES ll.manifests (id, mission_id)",
        "ALTER TABLE ll.mission_reports DROP CONSTRAINT mission_reports_manifest",
    ),
    (
        "ALTER TABLE ll.treasure_reports ADD CONSTRAINT treasure_reports_item"
        " FOREIGN KEY (manifest_id, row_no) REFERENCES ll.mission_reports (manifest_id, row_no)",
        "ALTER TABLE ll.treasure_reports DROP CONSTRAINT treasure_reports_item",
    ),
]

SCHEMAS = [
    (
        "CREATE SCHEMA IF NOT EXISTS bl; COMMENT ON SCHEMA bl IS 'Figures of each mission and planet, built from ll'",
        "DROP SCHEMA IF EXISTS bl CASCADE",
    ),
    (
        "CREATE SCHEMA IF NOT EXISTS sl; COMMENT ON SCHEMA sl IS 'Marts that the pages show, built from bl'",
        "DROP SCHEMA IF EXISTS sl CASCADE",
    ),
    (
        "COMMENT ON SCHEMA params IS 'Registry: missions and the credentials of ships'",
        "COMMENT ON SCHEMA params IS NULL",
    ),
]


def fill_treasures(apps, schema_editor):
    """The treasures among the items that are loaded already."""
    treasures = [item.name for item in CATALOGUE if item.kind is ItemKind.TREASURE]
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(TREASURES, [treasures])


class Migration(migrations.Migration):

    dependencies = [
        ('missions', '0001_initial'),
        ('telemetry', '0002_dead_letter_replay'),
    ]

    operations = [
        *(migrations.RunSQL(there, back) for there, back in SCHEMAS),
        migrations.AddField(
            model_name='manifest',
            name='first_tick_at',
            field=models.DateTimeField(blank=True, db_comment='Time of its first ship state, UTC', null=True),
        ),
        migrations.AddField(
            model_name='manifest',
            name='last_tick_at',
            field=models.DateTimeField(blank=True, db_comment='Time of its last ship state, UTC', null=True),
        ),
        migrations.RunSQL(TICKS, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name='manifest',
            constraint=models.UniqueConstraint(fields=('id', 'mission_id'), name='manifests_id_mission'),
        ),
        migrations.CreateModel(
            name='TreasureReport',
            fields=[
                ('id', models.BigAutoField(db_comment='Number of the row', primary_key=True, serialize=False)),
                ('row_no', models.IntegerField(db_comment="Position in the file, from 0; with the manifest the item's own")),
                ('mission_id', models.BigIntegerField(db_comment='Mission in params.missions')),
                ('item', models.TextField(db_comment='Name in the catalogue')),
                ('value', models.BigIntegerField(db_comment='Value in Poko')),
                ('timestamp', models.DateTimeField(db_comment='When the item came aboard, UTC')),
                ('loaded_at', models.DateTimeField(db_comment='When headquarters loaded it, UTC', db_default=django.db.models.functions.datetime.Now())),
                ('manifest', models.ForeignKey(db_comment='Manifest in ll.manifests that brought the row', db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='treasures', to='telemetry.manifest')),
            ],
            options={
                'verbose_name': 'treasure',
                'db_table': 'll"."treasure_reports',
                'db_table_comment': "Treasures among the items of the captains' reports",
                'ordering': ['-id'],
                'indexes': [models.Index(fields=['mission_id', 'timestamp'], name='treasure_reports_mission')],
                'constraints': [models.UniqueConstraint(fields=('manifest', 'row_no'), name='treasure_reports_row'), models.CheckConstraint(condition=models.Q(('value__gte', 0)), name='treasure_reports_value_not_negative')],
            },
        ),
        migrations.RunPython(fill_treasures, migrations.RunPython.noop),
        migrations.CreateModel(
            name='MartBuild',
            fields=[
                ('id', models.BigAutoField(db_comment='Number of the build', primary_key=True, serialize=False)),
                ('state', models.TextField(choices=[('running', 'running'), ('built', 'built'), ('failed', 'failed')], db_comment='running, built (its marts are those that stand) or failed (the marts before it stand)', default='running')),
                ('full', models.BooleanField(db_comment='Whether everything was computed anew', default=False)),
                ('reason', models.TextField(blank=True, db_comment='Sentence that says why it failed', default='')),
                ('started_at', models.DateTimeField(db_comment="When it began, UTC; the marts' periods end there")),
                ('finished_at', models.DateTimeField(blank=True, db_comment='When it ended, UTC', null=True)),
                ('ledger_id', models.BigIntegerField(db_comment='Highest number in ll.manifests that the build holds; 0 for none', default=0)),
                ('missions', models.BigIntegerField(db_comment='Ended missions in it', default=0)),
                ('project', models.CharField(blank=True, db_comment='sha256 of the dbt project that built it, hex', db_default='', default='', max_length=64)),
                ('seconds', models.FloatField(blank=True, db_comment='How long it took, s', null=True)),
            ],
            options={
                'verbose_name': 'mart build',
                'db_table': 'll"."mart_builds',
                'db_table_comment': 'Builds of the marts in bl and sl, a row each',
                'ordering': ['-id'],
                'indexes': [models.Index(condition=models.Q(('state', 'built')), fields=['-id'], name='mart_builds_built')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['running', 'built', 'failed'])), name='mart_builds_state_known'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'running'), ('finished_at__isnull', True)), models.Q(models.Q(('state', 'running'), _negated=True), ('finished_at__isnull', False)), _connector='OR'), name='mart_builds_finished_iff_ended'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'failed'), models.Q(('reason', ''), _negated=True)), models.Q(models.Q(('state', 'failed'), _negated=True), ('reason', '')), _connector='OR'), name='mart_builds_reason_iff_failed')],
            },
        ),
        *(migrations.RunSQL(there, back) for there, back in KEYS),
    ]
