"""How much one asker may ask for, and how long it is remembered who wrote what."""

from environs import validate

from hocotate_site.settings.environment import env

_ONE = validate.Range(1)

RATE_TOKEN = env.int("RATE_TOKEN", 120_000, validate=_ONE)
"""Requests a minute with one ship token: twice what a fleet of 50,000 ships asks, which report every two minutes."""

RATE_USER = env.int("RATE_USER", 3_000, validate=_ONE)
"""API requests a minute of one signed-in user."""

RATE_ADDRESS = env.int("RATE_ADDRESS", 3_000, validate=_ONE)
"""API requests a minute of one address, without a credential or with one that is refused."""

RATE_ADDRESS_WRITES = env.int("RATE_ADDRESS_WRITES", 300, validate=_ONE)
"""Of these, writes: tries with refused tokens, and enrolments."""

SIGN_IN_TRIES = env.int("SIGN_IN_TRIES", 10, validate=_ONE)
"""Wrong passwords in five minutes for one user name from one address; ten times as many in all of either."""

BEHIND_PROXY = env.bool("DJANGO_BEHIND_PROXY", False)
"""Whether a proxy of ours stands before the site, so that the last address of X-Forwarded-For is the asker's."""

AUDIT_LOG_DAYS = env.int("AUDIT_LOG_DAYS", 90, validate=_ONE)
"""Days that entries of the audit log are kept."""

ALERTS_DAYS = env.int("ALERTS_DAYS", 30, validate=_ONE)
"""Days that alerts are kept after Alertmanager last told of them."""
