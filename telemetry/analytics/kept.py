"""The page's HTML, kept until the marts are built anew: what it shows changes with a build and by nothing else."""

from __future__ import annotations

from typing import Final, cast

from django.core.cache import cache
from django.core.cache.utils import make_template_fragment_key
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from telemetry.marts.analytics import analytics
from telemetry.models import MartBuild

from .asked import Asked
from .panels import page
from .schedule import next_build

SECONDS: Final = 3600
"""After so long without a build it is made anew."""


def body(wanted: Asked) -> SafeString:
    """The page's `main`. One small query when it is kept; else it is read from the marts and rendered."""
    now = timezone.now()
    due = next_build(now)
    # Asked before the marts are read: what is kept may be newer than its key, and is never older.
    build = MartBuild.objects.order_by("-pk").values_list("pk", "state", "started_at", "finished_at").first()
    sorts = sorted(f"{table} {sort}" for table, sort in wanted.sorts.items())
    shown = (build, wanted.period, wanted.band, sorts, sorted(wanted.whole), now.date(), due)
    key = make_template_fragment_key("analytics", shown)
    kept = cache.get(key)
    if kept is not None:
        return cast("SafeString", mark_safe(kept))  # noqa: S308 - what was rendered below, escaped by its template
    found = analytics(wanted)
    if found is None:
        return render_to_string("telemetry/analytics_body.html")
    context = {
        "found": found,
        "page": page(found, wanted),
        "today": found.built.finished_at.date() == now.date(),
        "next": due,
    }
    html = render_to_string("telemetry/analytics_body.html", context)
    cache.set(key, str(html), SECONDS)
    return html
