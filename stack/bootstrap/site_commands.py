"""`python -m stack.bootstrap.site_commands`: the site's management commands of a start, in one process.

Each of them loads all of Django, which is most of what they take.
"""

from __future__ import annotations

import os
import sys

import django
from django.core.management import CommandError, call_command
from django.db import Error as DatabaseError


def main() -> int:
    """Run them in order; the exit status, with a sentence on standard error when one failed."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hocotate_site.settings")
    django.setup()
    step = "migrate"
    try:
        call_command("migrate", interactive=False, verbosity=0)
        step = "bootstrap_site"
        call_command("bootstrap_site")
        step = "collectstatic"
        call_command("collectstatic", interactive=False, verbosity=0)
    except (CommandError, DatabaseError, OSError) as error:
        sys.stderr.write(f"`manage.py {step}` failed: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
