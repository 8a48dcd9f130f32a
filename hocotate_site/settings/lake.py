"""The lake as the site uses it: reading only."""

from hocotate_site.settings.environment import env

LAKE_CATALOG_READER_URL = env.str("LAKE_CATALOG_READER_URL", "")
LAKE_WAREHOUSE = env.str("LAKE_WAREHOUSE", "s3://telemetry-lake/wh")
S3_READER_ACCESS_KEY = env.str("S3_READER_ACCESS_KEY", "")
S3_READER_SECRET_KEY = env.str("S3_READER_SECRET_KEY", "")

# SQL over the warehouse: a role of PostgreSQL that can only read.
WAREHOUSE_READER_URL = env.str("WAREHOUSE_READER_URL", "")

# What one query of the site may take: rows, seconds, memory in MB and threads; and how many may run at once.
LAKE_QUERY_ROWS = env.int("LAKE_QUERY_ROWS", 10_000)
LAKE_QUERY_SECONDS = env.float("LAKE_QUERY_SECONDS", 30.0)
LAKE_QUERY_MB = env.int("LAKE_QUERY_MB", 512)
LAKE_QUERY_THREADS = env.int("LAKE_QUERY_THREADS", 2)
LAKE_QUERIES_AT_ONCE = env.int("LAKE_QUERIES_AT_ONCE", 4)
