"""Headquarters' API as the ship sees it: register, announce a report, say that it stands, complete."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit

import httpx
import msgspec
from msgspec import Struct

from ships_client.contracts import MissionStatus
from ships_client.exceptions import ConfigurationError, HeadquartersAway, HeadquartersError, Refused
from ships_client.transports.http import TIMEOUT, Line, Unavailable, client

_REGISTER: Final = "/register_mission"
_LONGEST_ANSWER: Final = 200
_AT_ONCE: Final = 2_000
"""Missions in one call: headquarters takes 10,000, and answers this many within a second or two."""
_TIMEOUT_AT_ONCE: Final = httpx.Timeout(60.0, connect=5.0)

T = TypeVar("T")


class Mission(Struct, frozen=True):
    """A mission as headquarters has it; `started_at` tells it from one of the same number in another registry."""

    mission_id: int
    ship_name: str
    status: MissionStatus
    started_at: str


class Registration(Struct, frozen=True):
    """A mission to register; `key` stands for it however often it is sent. Minutes between reports."""

    ship: str
    captain: str
    target: str
    report_freq_min: int
    key: str

    @property
    def body(self) -> dict[str, Any]:
        """What headquarters wants to know of the mission, without the key."""
        return {
            "ship_name": self.ship,
            "captain": self.captain,
            "target": self.target,
            "report_freq_min": self.report_freq_min,
        }


class UploadAddress(Struct, frozen=True):
    """Where to PUT one object of a report, with exactly these headers."""

    kind: str
    key: str
    url: str
    headers: dict[str, str]


class _Missions(Struct, frozen=True):
    missions: list[Mission]


class _Uploads(Struct, frozen=True):
    uploads: list[UploadAddress]


def api_base(missions_api: str) -> str:
    """Base URL of the site from MISSIONS_API, the URL of register_mission; raises ConfigurationError."""
    parts = urlsplit(missions_api)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise ConfigurationError(
            f"MISSIONS_API is {missions_api!r}; set it to the URL of register_mission, "
            "such as http://127.0.0.1:8000/register_mission."
        )
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/').removesuffix(_REGISTER)}"


class Headquarters:
    """The API with one ship token; safe to use from several threads.

    Connection errors, 5xx and 429 are asked again for `patience_s`, then HeadquartersAway is raised; other 4xx raise
    Refused at once. Both are HeadquartersError.
    """

    def __init__(
        self,
        missions_api: str,
        token: str,
        *,
        patience_s: float = 3600.0,
        http: httpx.Client | None = None,
    ) -> None:
        self.base = api_base(missions_api)
        self._line = Line(patience_s)
        self._http = http or client()
        self._headers = {"Authorization": f"Bearer {token}"}

    @property
    def away(self) -> bool:
        """Whether headquarters was unavailable when last asked."""
        return self._line.away

    def close(self) -> None:
        """Hang up; nothing can be asked afterwards."""
        self._http.close()

    def register(
        self, ship: str, captain: str, target: str, report_freq_min: int, *, key: str, patience_s: float | None = None
    ) -> Mission:
        """Register a mission; asked again with the same `key`, headquarters gives the same mission."""
        body = Registration(ship, captain, target, report_freq_min, key).body
        reply = self._post("/missions", body, {"Idempotency-Key": key}, patience_s=patience_s)
        return self._read(reply, Mission)

    def register_many(self, registrations: Sequence[Registration], *, patience_s: float | None = None) -> list[Mission]:
        """Register many missions, each with a key of its own, in calls of up to 2,000; their missions, in order.

        A call registers all of its missions or none. When a later one fails, those before it stand, and asking again
        with the same keys gives the same missions and adds the rest. `patience_s` is for each call.
        """
        missions: list[Mission] = []
        for start in range(0, len(registrations), _AT_ONCE):
            part = registrations[start : start + _AT_ONCE]
            body = {"missions": [{**asked.body, "idempotency_key": asked.key} for asked in part]}
            reply = self._post("/missions/bulk", body, patience_s=patience_s, timeout=_TIMEOUT_AT_ONCE)
            found = self._read(reply, _Missions).missions
            if [mission.ship_name for mission in found] != [asked.ship for asked in part]:
                raise HeadquartersError(f"{reply.url} answered with other missions than were asked for; nothing flies.")
            missions += found
        return missions

    def mission(self, mission_id: int) -> Mission | None:
        """A mission as it stands, None when headquarters doesn't know it."""
        try:
            return self._read(self._ask("GET", f"/missions/{mission_id}"), Mission)
        except Refused as refusal:
            if refusal.status_code == httpx.codes.NOT_FOUND:
                return None
            raise

    def complete(
        self, mission_id: int, outcome: MissionStatus, last_seq: int | None, *, patience_s: float | None = None
    ) -> None:
        """End a mission; that it has ended like this already is as good."""
        body = {"status": outcome.value, "last_seq": last_seq}
        try:
            self._post(f"/missions/{mission_id}/complete", body, patience_s=patience_s)
        except Refused as refusal:
            # An older headquarters tells it as `status`.
            stands = refusal.body.get("mission_status", refusal.body.get("status"))
            if refusal.status_code != httpx.codes.CONFLICT or stands != outcome.value:
                raise

    def announce_report(self, mission_id: int, report_no: int, day: date) -> dict[str, UploadAddress]:
        """Announce a report: where each of its objects goes, by kind."""
        body = {"report_no": report_no, "date": day.isoformat()}
        uploads = self._read(self._post(f"/missions/{mission_id}/uploads", body), _Uploads).uploads
        return {upload.kind: upload for upload in uploads}

    def report_committed(self, mission_id: int, report_no: int, day: date) -> None:
        """Say that the report's manifest stands."""
        self._post(f"/missions/{mission_id}/reports/{report_no}/committed", {"date": day.isoformat()})

    def _post(
        self,
        path: str,
        body: dict[str, Any],
        headers: dict[str, str] | None = None,
        patience_s: float | None = None,
        timeout: httpx.Timeout = TIMEOUT,
    ) -> httpx.Response:
        return self._ask("POST", path, body, headers, patience_s, timeout)

    def _ask(
        self,
        method: str,
        path: str,
        body: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
        patience_s: float | None = None,
        timeout: httpx.Timeout = TIMEOUT,
    ) -> httpx.Response:
        url = f"{self.base}/api/v1{path}"
        sent = {**self._headers, **(headers or {})}
        try:
            reply = self._line.ask(
                f"Headquarters at {self.base}",
                lambda: self._http.request(method, url, json=body, headers=sent, timeout=timeout),
                patience_s=patience_s,
            )
        except Unavailable as error:
            raise HeadquartersAway(f"{error}. Start it, or set MISSIONS_API.") from None
        if reply.is_success:
            return reply
        raise _refusal(reply)

    def _read(self, reply: httpx.Response, kind: type[T]) -> T:
        try:
            return msgspec.json.decode(reply.content, type=kind)
        except msgspec.DecodeError as error:
            raise HeadquartersError(
                f"{reply.url} answered what a ship can't read ({error}). Is MISSIONS_API right?"
            ) from None


def _refusal(reply: httpx.Response) -> Refused:
    try:
        body = msgspec.json.decode(reply.content, type=dict[str, Any])
    except msgspec.DecodeError:
        body = {}
    detail = str(body.get("detail") or reply.text[:_LONGEST_ANSWER].strip() or reply.reason_phrase)
    return Refused(reply.status_code, detail, body)
