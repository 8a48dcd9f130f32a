#!/usr/bin/env python
"""Command line of the site: `./manage.py help` lists the commands."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line
from django.db import OperationalError


def main() -> None:
    """Run the command named on the command line with the site's settings.

    Exits with 1 and one sentence when settings are missing or the database does not answer.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hocotate_site.settings")
    try:
        execute_from_command_line(sys.argv)
    except (ImproperlyConfigured, OperationalError) as error:
        sys.exit(" ".join(str(error).split()))


if __name__ == "__main__":
    main()
