"""Pages of the registry: the list, newest first, and a mission's waybill."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from missions import selectors
from missions.exceptions import MissionNotFound
from missions.models import Mission
from ships_client.contracts import HOME, PLANETS, MissionStatus

PAGE = 50
LARGEST_ID = 2**63 - 1


@dataclass(frozen=True)
class Chip:
    """A filter with its count; `on` when the page shows it."""

    title: str
    status: str
    count: int
    url: str
    on: bool


@require_safe
def mission_list(request: HttpRequest) -> HttpResponse:
    """Missions, newest first: `?status=running`, `?after=` and `?before=` a mission's number."""
    status = _status(request.GET.get("status", ""))
    page = selectors.missions_page(
        limit=PAGE, status=status, after=_number(request, "after"), before=_number(request, "before")
    )
    counts = selectors.missions_count()
    context = {
        "chips": _chips(counts, status),
        "total": sum(counts.values()),
        "running": counts[MissionStatus.RUNNING],
        "missions": page.missions,
        "filtered": status is not None,
        "older": _url(status, after=page.missions[-1].mission_id) if page.missions and page.older else "",
        "newer": _url(status, before=page.missions[0].mission_id) if page.missions and page.newer else "",
        "newest": _url(status),
    }
    return render(request, "missions/list.html", context)


@require_safe
def mission_detail(request: HttpRequest, mission_id: int) -> HttpResponse:
    """A mission's waybill.

    Raises:
        Http404: there is no such mission.
    """
    try:
        mission = selectors.mission_get(mission_id)
    except MissionNotFound as error:
        raise Http404(str(error)) from None
    return render(request, "missions/detail.html", {"mission": mission, "home": HOME, **_way(mission)})


def _way(mission: Mission) -> dict[str, object]:
    """Band of the target and its distance from Hocotate, in millions of km; empty for an unknown planet."""
    planet = PLANETS.get(mission.target)
    if planet is None:
        return {}
    return {"band": planet.band.value, "distance": (planet.x**2 + planet.y**2 + planet.z**2) ** 0.5 / 1e6}


def _status(text: str) -> MissionStatus | None:
    """The status that the address asks for; None for all.

    Raises:
        Http404: there is no such status.
    """
    if not text:
        return None
    try:
        return MissionStatus(text.upper())
    except ValueError:
        raise Http404(f"There is no status {text!r}; choose running, success or failure.") from None


def _number(request: HttpRequest, name: str) -> int | None:
    """The mission number in the address, if it names one.

    Raises:
        Http404: it is no mission number.
    """
    text = request.GET.get(name)
    if text is None:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) < 20 and int(text) <= LARGEST_ID):
        raise Http404(f"{name}={text!r} is not a mission number.")
    return int(text)


def _chips(counts: dict[MissionStatus, int], chosen: MissionStatus | None) -> list[Chip]:
    chips = [Chip("All", "", sum(counts.values()), _url(None), chosen is None)]
    for status, count in counts.items():
        chips.append(Chip(status.value.capitalize(), status.value.lower(), count, _url(status), status is chosen))
    return chips


def _url(status: MissionStatus | None, **key: int) -> str:
    query = ({"status": status.value.lower()} if status else {}) | key
    return reverse("missions") + (f"?{urlencode(query)}" if query else "")
