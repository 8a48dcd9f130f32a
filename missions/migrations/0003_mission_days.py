"""The list's indexes, and the count of missions by day, kept by triggers."""

from django.db import migrations, models

TRIGGERS = """
CREATE FUNCTION params.mission_days_add(of_day date, registered bigint, success bigint, failure bigint) RETURNS void
LANGUAGE sql AS $$
    INSERT INTO params.mission_days AS kept (day, registered, success, failure)
    VALUES (of_day, registered, success, failure)
    ON CONFLICT (day) DO UPDATE SET registered = kept.registered + excluded.registered,
        success = kept.success + excluded.success, failure = kept.failure + excluded.failure
$$;

-- Days in their order: of two statements that touch several days one waits, and never both in a circle.
CREATE FUNCTION params.mission_days_count() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    sign constant bigint := CASE TG_OP WHEN 'INSERT' THEN 1 ELSE -1 END;
    counted record;
BEGIN
    FOR counted IN
        SELECT (started_at AT TIME ZONE 'UTC')::date AS day, count(*) AS registered,
               count(*) FILTER (WHERE status = 'SUCCESS') AS success,
               count(*) FILTER (WHERE status = 'FAILURE') AS failure
        FROM touched GROUP BY 1 ORDER BY 1
    LOOP
        PERFORM params.mission_days_add(
            counted.day, sign * counted.registered, sign * counted.success, sign * counted.failure);
    END LOOP;
    RETURN NULL;
END $$;

CREATE FUNCTION params.mission_days_move() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    before constant date := (old.started_at AT TIME ZONE 'UTC')::date;
    after constant date := (new.started_at AT TIME ZONE 'UTC')::date;
    won constant bigint := (new.status = 'SUCCESS')::int;
    lost constant bigint := (new.status = 'FAILURE')::int;
    had_won constant bigint := (old.status = 'SUCCESS')::int;
    had_lost constant bigint := (old.status = 'FAILURE')::int;
BEGIN
    IF before = after THEN
        PERFORM params.mission_days_add(after, 0, won - had_won, lost - had_lost);
    ELSE
        PERFORM params.mission_days_add(before, -1, -had_won, -had_lost);
        PERFORM params.mission_days_add(after, 1, won, lost);
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION params.mission_days_clear() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM params.mission_days;
    RETURN NULL;
END $$;

CREATE TRIGGER mission_days_added AFTER INSERT ON params.missions
    REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION params.mission_days_count();
CREATE TRIGGER mission_days_removed AFTER DELETE ON params.missions
    REFERENCING OLD TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION params.mission_days_count();
-- Telemetry's progress sets neither column, and so costs nothing here.
CREATE TRIGGER mission_days_moved AFTER UPDATE OF status, started_at ON params.missions
    FOR EACH ROW WHEN ((old.status, old.started_at) IS DISTINCT FROM (new.status, new.started_at))
    EXECUTE FUNCTION params.mission_days_move();
CREATE TRIGGER mission_days_emptied AFTER TRUNCATE ON params.missions
    FOR EACH STATEMENT EXECUTE FUNCTION params.mission_days_clear();

INSERT INTO params.mission_days (day, registered, success, failure)
SELECT (started_at AT TIME ZONE 'UTC')::date, count(*), count(*) FILTER (WHERE status = 'SUCCESS'),
       count(*) FILTER (WHERE status = 'FAILURE')
FROM params.missions GROUP BY 1;
"""

NO_TRIGGERS = """
DROP TRIGGER mission_days_emptied ON params.missions;
DROP TRIGGER mission_days_moved ON params.missions;
DROP TRIGGER mission_days_removed ON params.missions;
DROP TRIGGER mission_days_added ON params.missions;
DROP FUNCTION params.mission_days_clear();
DROP FUNCTION params.mission_days_move();
DROP FUNCTION params.mission_days_count();
DROP FUNCTION params.mission_days_add(date, bigint, bigint, bigint);
"""


class Migration(migrations.Migration):

    dependencies = [
        ('missions', '0002_access'),
    ]

    operations = [
        migrations.CreateModel(
            name='MissionDay',
            fields=[
                ('day', models.DateField(db_comment='Day of the start, UTC', primary_key=True, serialize=False)),
                ('registered', models.BigIntegerField(db_comment='Missions registered on it')),
                ('success', models.BigIntegerField(db_comment='Of these, ended with SUCCESS')),
                ('failure', models.BigIntegerField(db_comment='Of these, ended with FAILURE')),
            ],
            options={
                'verbose_name': 'day of missions',
                'verbose_name_plural': 'days of missions',
                'db_table': 'params"."mission_days',
                'db_table_comment': 'How many missions began on each day, and how they stand; kept by triggers',
                'ordering': ['day'],
            },
        ),
        migrations.AddIndex(
            model_name='mission',
            index=models.Index(fields=['started_at', 'mission_id'], name='missions_started'),
        ),
        migrations.AddIndex(
            model_name='mission',
            index=models.Index(fields=['ship_name', 'mission_id'], name='missions_ship'),
        ),
        migrations.AddIndex(
            model_name='mission',
            index=models.Index(fields=['captain', 'mission_id'], name='missions_captain'),
        ),
        migrations.AddIndex(
            model_name='mission',
            index=models.Index(fields=['target', 'mission_id'], name='missions_target'),
        ),
        # A model's index with an operator class would need django.contrib.postgres, which asks each new connection
        # for types that this site does not use.
        migrations.RunSQL(
            "CREATE INDEX missions_ship_begins ON params.missions (upper(ship_name::text) text_pattern_ops)",
            "DROP INDEX params.missions_ship_begins",
        ),
        migrations.RunSQL(TRIGGERS, NO_TRIGGERS),
    ]
