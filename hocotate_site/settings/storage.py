"""The object store as the site uses it (reports of ships), and static files."""

from hocotate_site.settings.environment import env, required

S3_ENDPOINT_URL = env.str("S3_ENDPOINT_URL", "http://127.0.0.1:9000")
# Where ships reach it, where that differs: links for them are made out to this address.
S3_PUBLIC_URL = env.str("S3_PUBLIC_URL", "")
S3_REGION = env.str("S3_REGION", "us-east-1")
S3_SITE_ACCESS_KEY = required("S3_SITE_ACCESS_KEY", "unconfigured")
S3_SITE_SECRET_KEY = required("S3_SITE_SECRET_KEY", "unconfigured")
BUCKET_MISSIONS = "missions"
BUCKET_LOGS = "logs"

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
