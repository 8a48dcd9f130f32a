"""Django itself: apps, middleware, database and security."""

from csp import constants as csp

from hocotate_site.settings.database import database_from_url
from hocotate_site.settings.environment import BASE_DIR, env, required, required_secret

SECRET_KEY = required_secret("DJANGO_SECRET_KEY")
DEBUG = env.bool("DJANGO_DEBUG", False)
ALLOWED_HOSTS = env.list("DJANGO_ALLOWED_HOSTS", ["localhost", "127.0.0.1"])
SITE_URL = env.str("SITE_URL", "http://127.0.0.1:8000").rstrip("/")
# Where the platform's own parts reach the site, where that differs.
SITE_INNER_URL = env.str("SITE_INNER_URL", "").rstrip("/")
VALKEY_URL = required("VALKEY_URL", "redis://127.0.0.1:6379/0")

INSTALLED_APPS = [
    "daphne",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "channels",
    "csp",
    "django_prometheus",
    "ninja",
    "missions",
    "telemetry",
    "radar",
]

MIDDLEWARE = [
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "hocotate_site.log_ids.mission_of_address",
    "hocotate_site.door.door",
    "django_prometheus.middleware.PrometheusAfterMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "hocotate_site" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "libraries": {"drill": "hocotate_site.admin.drill"},
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

ROOT_URLCONF = "hocotate_site.urls"
ASGI_APPLICATION = "hocotate_site.asgi.application"
DATABASES = {"default": database_from_url(required("DATABASE_URL", ""), pool=True)}
# Of each process its own; a page of the analytics, the largest that is kept, has 80 kB.
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 64}},
}
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.core.RedisChannelLayer",
        "CONFIG": {"hosts": [VALKEY_URL.rpartition("/")[0] + "/1"]},
    }
}

# A call that registers 10,000 missions, with names of the greatest length, is half as large.
DATA_UPLOAD_MAX_MEMORY_SIZE = 8 * 2**20

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = False
USE_THOUSAND_SEPARATOR = False

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"

# What `manage.py bootstrap_site` makes; each is left out when its setting is empty.
ADMIN_USER = env.str("ADMIN_USER", "")
ADMIN_PASSWORD = env.str("ADMIN_PASSWORD", "")
FLEET_TOKEN = env.str("HOCOTATE_TOKEN", "")
ALERTS_TOKEN = env.str("ALERTS_TOKEN", "")

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [csp.SELF],
        "base-uri": [csp.NONE],
        "form-action": [csp.SELF],
        "frame-ancestors": [csp.NONE],
        "object-src": [csp.NONE],
    }
}

HTTPS = SITE_URL.startswith("https://")
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = ["^livez$", "^readyz$", "^metrics$"]
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
CSRF_TRUSTED_ORIGINS = [SITE_URL]
X_FRAME_OPTIONS = "DENY"
if env.bool("DJANGO_BEHIND_PROXY", False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

SILENCED_SYSTEM_CHECKS = [
    # HSTS for subdomains and preloading bind hosts that are not this site's to decide about.
    "security.W005",
    "security.W021",
]
if not HTTPS:
    # HSTS, redirect to HTTPS and secure cookies: SITE_URL says that this site is served over plain HTTP,
    # as it is natively, on loopback only. With them nobody could sign in.
    SILENCED_SYSTEM_CHECKS += ["security.W004", "security.W008", "security.W012", "security.W016"]
