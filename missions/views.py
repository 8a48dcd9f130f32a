"""The list of missions: the page, its rows that still move, and the whole of it as a file."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from missions import days, export, listing, selectors, told
from missions.asked import FIRST_ROWS, ROWS, SORTS, Asked, Unaskable, asked
from missions.models import Mission
from missions.rows import rows
from missions.selectors import MissionPage
from ships_client.contracts import TARGETS, MissionStatus

MOST_LIVE = max(ROWS)
MOST_NEW = 100
"""New missions that are counted."""


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter: its count where that is known; `on` when the page shows it."""

    title: str
    status: str
    count: int | None
    url: str
    on: bool


@dataclass(frozen=True, slots=True)
class Head:
    """A column that sorts: where its link leads, and how it is sorted now (ascending, descending or not)."""

    url: str
    sorted: str


@never_cache
@require_safe
def mission_list(request: HttpRequest) -> HttpResponse:
    """Missions, newest first; `missions.asked` says what the address may ask for."""
    want = _asked(request)
    captains = listing.captains()
    page = listing.page(want, captains)
    all_counts = selectors.missions_count()
    counted = listing.count(want, captains) if want.narrowed else listing.Counted(all_counts)
    now = timezone.now()
    started = days.started(now.date())
    context = {
        "asked": want,
        "first_rows": FIRST_ROWS,
        "total": sum(all_counts.values()),
        "running": all_counts[MissionStatus.RUNNING],
        "counted": counted,
        "chips": _chips(want, counted),
        "shown": counted.by_status[want.status] if want.status else counted.total,
        "started": started,
        "bars": [
            (bar, _url(want.without_page(since=bar.day, until=bar.day)), _within(want, bar)) for bar in started.bars
        ],
        "fleet": told.fleet(),
        "planets": TARGETS,
        "captains": captains if not want.captain or want.captain in captains else [want.captain, *captains],
        "heads": {word: _head(want, word) for word in SORTS},
        "rows": rows(page.missions, now),
        "sizes": [(size, _url(want.without_page(rows=size))) for size in ROWS],
        "gaps_url": _url(want.without_page(gaps=not want.gaps)),
        "all_days_url": _url(want.without_page(since=None, until=None)),
        "export_url": f"{reverse('missions_export')}?{want.without_page().query()}",
        "newest_url": _url(want.without_page()),
        "older_url": _url(want.without_page(after=page.missions[-1].mission_id)) if page.older else "",
        "newer_url": _url(want.without_page(before=page.missions[0].mission_id)) if page.newer else "",
        "live_url": _live_url(want, page),
    }
    response = render(request, "missions/list.html", context)
    if request.headers.get("HX-Source", "").startswith("form"):
        # The address that the form asked for holds its empty fields as well.
        response["HX-Replace-Url"] = _url(want)
    return response


@never_cache
@require_safe
def mission_rows(request: HttpRequest) -> HttpResponse:
    """The rows `?ids=` as they stand now, and how many missions came after `?newest=` that the list would show."""
    want = _asked(request)
    missions = list(Mission.objects.filter(mission_id__in=_numbers(request, "ids")))
    newest = _numbers(request, "newest")
    count = 0
    if want.first and newest:
        captains = listing.captains() if want.q else []
        count = listing.newer_than(want, captains, newest[0], most=MOST_NEW)
    context = {
        "rows": rows(missions, timezone.now()),
        "new": count,
        "many": count == MOST_NEW,
        "newest_url": _url(want.without_page()),
    }
    return render(request, "missions/live.html", context)


@never_cache
@require_safe
def mission_export(request: HttpRequest) -> StreamingHttpResponse:
    """All missions that the filters leave, as CSV in the list's order, made while it is sent."""
    want = _asked(request)
    captains = listing.captains()
    if not connection.in_atomic_block:
        # A download may take long, and Django would keep one of the process' few connections until its end.
        connection.close()
    response = StreamingHttpResponse(export.Pieces(want, captains), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="missions-{timezone.now():%Y%m%d-%H%M%S}.csv"'
    return response


def _asked(request: HttpRequest) -> Asked:
    try:
        return asked(request.GET)
    except Unaskable as error:
        raise Http404(str(error)) from None


def _numbers(request: HttpRequest, name: str) -> list[int]:
    """Mission numbers, separated by commas; what is none is left out."""
    words = request.GET.get(name, "").split(",")[:MOST_LIVE]
    return [int(word) for word in words if word.isascii() and word.isdecimal() and len(word) < 19]


def _chips(want: Asked, counted: listing.Counted) -> list[Chip]:
    counts: dict[MissionStatus, int | None] = dict(counted.by_status)
    if counted.more:
        counts = dict.fromkeys(MissionStatus)
    total = None if counted.more else counted.total
    chips = [Chip("All", "", total, _url(want.without_page(status=None)), want.status is None)]
    for status, count in counts.items():
        url = _url(want.without_page(status=status))
        chips.append(Chip(status.value.capitalize(), status.value.lower(), count, url, want.status is status))
    return chips


def _head(want: Asked, word: str) -> Head:
    """The first press sorts names upwards and times downwards, the next one turns that round."""
    first = f"-{word}" if word in ("mission", "started") else word
    now = {word: "ascending", f"-{word}": "descending"}.get(want.sort, "")
    turned = word if want.sort.startswith("-") else f"-{word}"
    return Head(_url(want.without_page(sort=turned if now else first)), now)


def _within(want: Asked, bar: days.Bar) -> bool:
    return want.since is not None and want.until is not None and want.since <= bar.day <= want.until


def _live_url(want: Asked, page: MissionPage) -> str:
    """Where the rows that still move are; empty when none does and no new one could come."""
    moving = [mission.mission_id for mission in page.missions if mission.is_running]
    if not page.missions or not (moving or want.first):
        return ""
    ids = ",".join(str(number) for number in moving or [page.missions[0].mission_id])
    newest = max(mission.mission_id for mission in page.missions)
    return f"{reverse('missions_live')}?ids={ids}&newest={newest}&{want.query()}"


def _url(want: Asked) -> str:
    query = want.query()
    return reverse("missions") + (f"?{query}" if query else "")
