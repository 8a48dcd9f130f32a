"""Settings of the tests: the same servers, a database of their own, fast passwords."""

# ruff: noqa: F403, F405  (Django wants all settings as names of one module)

from hocotate_site.settings import *
from hocotate_site.settings.database import database_from_url
from hocotate_site.settings.environment import env

# Without a pool, so that the test database can be dropped at the end.
DATABASES = {"default": database_from_url(env.str("DATABASE_URL", ""), pool=False)}
DATABASES["default"]["TEST"] = {"NAME": "test_hocotate"}
WAREHOUSE_READER_URL = WAREHOUSE_READER_URL and WAREHOUSE_READER_URL.rpartition("/")[0] + "/test_hocotate"
# A queue of their own: workers of a platform on the same servers know nothing of the test database.
VALKEY_URL = VALKEY_URL.rpartition("/")[0] + "/2"
CELERY_BROKER_URL = VALKEY_URL
# Tests ask as often as they like, all from one address; those of limits set their own.
RATE_TOKEN = RATE_USER = RATE_ADDRESS = RATE_ADDRESS_WRITES = SIGN_IN_TRIES = 1_000_000
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
# Static files from where they are written: a fresh checkout has not gathered any.
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
ALLOWED_HOSTS = [*ALLOWED_HOSTS, "testserver"]
