"""ll.ship_state in partitions, one a month of its timestamp (UTC); what stands already moves over."""

from django.db import migrations

# A function of the database, so that whoever loads the table (a migration, the ingest, a bulk load by hand) makes
# months in one way. The new partition is filled by nobody yet and attached afterwards: ATTACH does not block the
# table's readers, as CREATE TABLE ... PARTITION OF would.
MONTH = """
CREATE FUNCTION ll.ship_state_month(day date) RETURNS boolean LANGUAGE plpgsql SET timezone = 'UTC' AS $$
DECLARE
    begins date := date_trunc('month', day::timestamp)::date;
    ends date := (begins + interval '1 month')::date;
    wanted text := 'ship_state_' || to_char(begins, 'YYYY_MM');
BEGIN
    IF EXISTS (SELECT FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
               WHERE i.inhparent = 'll.ship_state'::regclass AND c.relname = wanted) THEN
        RETURN false;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('ll.ship_state_month'));
    IF EXISTS (SELECT FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
               WHERE i.inhparent = 'll.ship_state'::regclass AND c.relname = wanted) THEN
        RETURN false;
    END IF;
    EXECUTE format('CREATE TABLE ll.%I (LIKE ll.ship_state INCLUDING ALL)', wanted);
    EXECUTE format('COMMENT ON TABLE ll.%I IS %L', wanted,
                   'Ship states of ' || to_char(begins, 'FMMonth YYYY') || ', UTC');
    EXECUTE format('ALTER TABLE ll.ship_state ATTACH PARTITION ll.%I FOR VALUES FROM (%L) TO (%L)',
                   wanted, begins::timestamptz, ends::timestamptz);
    RETURN true;
END $$;
COMMENT ON FUNCTION ll.ship_state_month(date) IS
    'Makes the partition of ll.ship_state for the month (UTC) of this day; false when it is there already';
"""

# One sequential pass to know the months, one to move the rows. The names of indexes are one a schema, so the old
# table's give way first.
DIVIDE = """
ALTER TABLE ll.ship_state RENAME TO ship_state_whole;
DO $$
DECLARE
    key text := (SELECT conname FROM pg_constraint WHERE conrelid = 'll.ship_state_whole'::regclass AND contype = 'p');
BEGIN
    EXECUTE format('ALTER TABLE ll.ship_state_whole RENAME CONSTRAINT %I TO ship_state_whole_key', key);
END $$;
CREATE TABLE ll.ship_state (LIKE ll.ship_state_whole INCLUDING ALL) PARTITION BY RANGE (timestamp);
COMMENT ON TABLE ll.ship_state IS 'State of each ship at each tick, from the captains'' reports';
SELECT ll.ship_state_month(month)
FROM (SELECT DISTINCT date_trunc('month', timestamp AT TIME ZONE 'UTC')::date AS month FROM ll.ship_state_whole) AS held;
SELECT ll.ship_state_month((now() AT TIME ZONE 'UTC' + make_interval(months => ahead))::date)
FROM generate_series(0, 3) AS ahead;
INSERT INTO ll.ship_state SELECT * FROM ll.ship_state_whole;
DROP TABLE ll.ship_state_whole;
"""

UNITE = """
CREATE TABLE ll.ship_state_whole (LIKE ll.ship_state INCLUDING ALL);
COMMENT ON TABLE ll.ship_state_whole IS 'State of each ship at each tick, from the captains'' reports';
INSERT INTO ll.ship_state_whole SELECT * FROM ll.ship_state;
DROP TABLE ll.ship_state;
ALTER TABLE ll.ship_state_whole RENAME TO ship_state;
DO $$
DECLARE
    key text := (SELECT conname FROM pg_constraint WHERE conrelid = 'll.ship_state'::regclass AND contype = 'p');
BEGIN
    EXECUTE format('ALTER TABLE ll.ship_state RENAME CONSTRAINT %I TO ship_state_pkey', key);
END $$;
"""

class Migration(migrations.Migration):

    dependencies = [
        ('telemetry', '0003_warehouse'),
    ]

    operations = [
        migrations.RunSQL(MONTH, "DROP FUNCTION ll.ship_state_month(date)"),
        migrations.RunSQL(DIVIDE, UNITE),
    ]
