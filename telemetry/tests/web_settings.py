"""Settings of a web process over the test database."""

# ruff: noqa: F403, F405  (Django wants all settings as names of one module)

from hocotate_site.settings import *

# Quick to check, since each test makes its users.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Static files from where they are written: a fresh checkout has not gathered any.
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
