"""Settings of the site, split by subject; this package alone reads the environment."""

# ruff: noqa: F403  (Django wants all settings as names of one module)

from hocotate_site.settings.base import *
from hocotate_site.settings.celery import *
from hocotate_site.settings.kafka import *
from hocotate_site.settings.lake import *
from hocotate_site.settings.limits import *
from hocotate_site.settings.logs import *
from hocotate_site.settings.radar import *
from hocotate_site.settings.storage import *
from hocotate_site.settings.warehouse import *
