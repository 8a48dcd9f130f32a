from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('telemetry', '0004_ship_state_by_month'),
    ]

    operations = [
        migrations.CreateModel(
            name='Reconcile',
            fields=[
                ('id', models.BigAutoField(db_comment='Number of the pass', primary_key=True, serialize=False)),
                ('state', models.TextField(choices=[('running', 'running'), ('done', 'done')], db_comment='running or done (it saw the last key)', default='running')),
                ('after_key', models.TextField(blank=True, db_comment='Last key that the pass has worked off', default='')),
                ('pages', models.BigIntegerField(db_comment='Pages of the listing worked off', default=0)),
                ('objects_seen', models.BigIntegerField(db_comment='Objects on these pages', default=0)),
                ('found', models.BigIntegerField(db_comment='Reports that nobody had announced, now handed to the ingest', default=0)),
                ('mended', models.BigIntegerField(db_comment='Quarantined reports with an object written since, handed to the ingest again', default=0)),
                ('changed', models.BigIntegerField(db_comment='Loaded reports with an object written since, now quarantined; their rows stand', default=0)),
                ('strange', models.BigIntegerField(db_comment="Objects whose key is not the key of a report's object", default=0)),
                ('started_at', models.DateTimeField(db_comment='When the pass began, UTC')),
                ('updated_at', models.DateTimeField(auto_now=True, db_comment='When this row last changed, UTC')),
                ('finished_at', models.DateTimeField(blank=True, db_comment='When it had seen the last key, UTC', null=True)),
            ],
            options={
                'db_table': 'll"."reconciles',
                'db_table_comment': 'Passes over the whole bucket of reports, one row each',
                'ordering': ['-id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['running', 'done'])), name='reconciles_state_known'), models.CheckConstraint(condition=models.Q(models.Q(('finished_at__isnull', False), ('state', 'done')), models.Q(('finished_at__isnull', True), ('state', 'running')), _connector='OR'), name='reconciles_finished_iff_done'), models.UniqueConstraint(condition=models.Q(('state', 'running')), fields=('state',), name='reconciles_one_running')],
            },
        ),
        migrations.AddField(
            model_name='manifest',
            name='etag',
            field=models.TextField(db_comment='ETag of the manifest when it was loaded', null=True),
        ),
        migrations.AddField(
            model_name='manifest',
            name='etag_mission',
            field=models.TextField(db_comment='ETag of the file of items when it was loaded', null=True),
        ),
        migrations.AddField(
            model_name='manifest',
            name='etag_ship_state',
            field=models.TextField(db_comment='ETag of the file of ship states when it was loaded', null=True),
        ),
        migrations.AddField(
            model_name='reportupload',
            name='etags',
            field=models.JSONField(blank=True, db_comment='ETags of the objects that the run saw which quarantined the report, by kind', db_default=models.Value({}, models.JSONField()), default=dict),
        ),
        migrations.AddField(
            model_name='reportupload',
            name='found',
            field=models.BooleanField(db_comment='Whether the reconcile found it in the bucket, unannounced', db_default=False, default=False),
        ),
        migrations.AddField(
            model_name='reportupload',
            name='offending_row',
            field=models.JSONField(blank=True, db_comment='The row that quarantined the report: file, row (the first is 0) and values; null where none did', default=None, null=True),
        ),
        migrations.AddConstraint(
            model_name='manifest',
            constraint=models.UniqueConstraint(fields=('manifest_path', 'etag'), name='manifests_key_etag'),
        ),
        migrations.AddConstraint(
            model_name='reportupload',
            constraint=models.CheckConstraint(condition=models.Q(('state', 'quarantined'), ('offending_row__isnull', True), _connector='OR'), name='report_uploads_row_only_quarantined'),
        ),
    ]
