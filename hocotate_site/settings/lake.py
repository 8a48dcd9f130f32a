"""The lake as the site uses it: reading only."""

from hocotate_site.settings.environment import env

LAKE_CATALOG_READER_URL = env.str("LAKE_CATALOG_READER_URL", "")
LAKE_WAREHOUSE = env.str("LAKE_WAREHOUSE", "s3://telemetry-lake/wh")
LAKE_CATALOG = "fleet"
LAKE_NAMESPACE = "telemetry"
S3_READER_ACCESS_KEY = env.str("S3_READER_ACCESS_KEY", "")
S3_READER_SECRET_KEY = env.str("S3_READER_SECRET_KEY", "")
