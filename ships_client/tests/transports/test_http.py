import json
from datetime import date

import httpx
import pytest

from ships_client.contracts import MissionStatus
from ships_client.exceptions import (
    ConfigurationError,
    HeadquartersAway,
    HeadquartersError,
    Refused,
    UploadAway,
    UploadError,
    UploadExpired,
    UploadRefused,
)
from ships_client.transports import Headquarters, Registration, ReportStore, UploadAddress, api_base

API = "http://hq.test/register_mission"
MISSION = {"mission_id": 41, "ship_name": "SS_MOTH", "status": "RUNNING", "started_at": "2026-11-25T08:30:00Z"}
ADDRESS = UploadAddress(
    "mission", "missions/41/x.parquet", "http://s3.test/k?X-Amz-Signature=1", {"If-None-Match": "*"}
)
DAY = date(2026, 11, 25)


class Answers:
    """Gives prepared answers one after the other, then the last one for ever, and keeps what was asked."""

    def __init__(self, *answers: httpx.Response | Exception) -> None:
        self._answers = list(answers)
        self.asked: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    def client(self) -> httpx.Client:
        return httpx.Client(transport=httpx.MockTransport(self))


def headquarters(answers: Answers, patience_s: float = 30) -> Headquarters:
    return Headquarters(API, "secret", patience_s=patience_s, http=answers.client())


@pytest.mark.parametrize(
    ("url", "base"),
    [
        ("http://127.0.0.1:8000/register_mission", "http://127.0.0.1:8000"),
        ("https://hq.example/fleet/register_mission/", "https://hq.example/fleet"),
        ("https://hq.example", "https://hq.example"),
    ],
)
def test_the_base_of_the_api_comes_from_the_address_of_register_mission(url: str, base: str) -> None:
    assert api_base(url) == base


@pytest.mark.parametrize("url", ["", "localhost:8000", "ftp://hq.example/register_mission"])
def test_an_address_that_is_none_is_named_with_the_remedy(url: str) -> None:
    with pytest.raises(ConfigurationError, match="MISSIONS_API"):
        api_base(url)


def test_registering_sends_the_token_and_the_same_key_each_time() -> None:
    answers = Answers(httpx.ConnectError("refused"), httpx.Response(503), httpx.Response(201, json=MISSION))
    mission = headquarters(answers).register("SS_MOTH", "Louie", "Giya", 2, key="k1")
    assert mission.mission_id == 41
    assert [request.headers["Idempotency-Key"] for request in answers.asked] == ["k1"] * 3
    assert {request.headers["Authorization"] for request in answers.asked} == {"Bearer secret"}
    assert json.loads(answers.asked[0].content) == {
        "ship_name": "SS_MOTH",
        "captain": "Louie",
        "target": "Giya",
        "report_freq_min": 2,
    }


def registry(request: httpx.Request) -> httpx.Response:
    """Numbers missions by their keys, as headquarters does for a bulk call."""
    asked = json.loads(request.content)["missions"]
    answered = [MISSION | {"mission_id": int(a["idempotency_key"]), "ship_name": a["ship_name"]} for a in asked]
    return httpx.Response(201, json={"missions": answered})


def test_many_missions_are_registered_in_a_few_calls_and_come_in_order() -> None:
    calls: list[int] = []

    def answer(request: httpx.Request) -> httpx.Response:
        calls.append(len(json.loads(request.content)["missions"]))
        return registry(request)

    asked = [Registration(f"SHIP_{n}", "Louie", "Giya", 2, str(n)) for n in range(4_500)]
    missions = Headquarters(API, "secret", http=httpx.Client(transport=httpx.MockTransport(answer))).register_many(
        asked
    )

    assert [mission.mission_id for mission in missions] == list(range(4_500))
    assert calls == [2_000, 2_000, 500]


def test_a_bulk_call_has_each_key_beside_its_mission_and_is_asked_again() -> None:
    answers = Answers(httpx.ReadError("cut"), httpx.Response(201, json={"missions": [MISSION]}))

    missions = headquarters(answers).register_many([Registration("SS_MOTH", "Louie", "Giya", 2, "k1")])

    assert [mission.mission_id for mission in missions] == [41]
    assert answers.asked[0].content == answers.asked[1].content
    assert answers.asked[0].url.path == "/api/v1/missions/bulk"
    mission = {"ship_name": "SS_MOTH", "captain": "Louie", "target": "Giya", "report_freq_min": 2}
    assert json.loads(answers.asked[0].content) == {"missions": [mission | {"idempotency_key": "k1"}]}


def test_no_mission_needs_no_call() -> None:
    assert headquarters(Answers(httpx.Response(500))).register_many([]) == []


@pytest.mark.parametrize("answered", [[], [MISSION, MISSION], [MISSION | {"ship_name": "SS_KITTY"}]])
def test_missions_that_were_not_asked_for_are_an_error(answered: list[dict[str, object]]) -> None:
    answers = Answers(httpx.Response(201, json={"missions": answered}))

    with pytest.raises(HeadquartersError, match="other missions"):
        headquarters(answers).register_many([Registration("SS_MOTH", "Louie", "Giya", 2, "k1")])


def test_a_refusal_is_not_asked_again_and_keeps_headquarters_sentence() -> None:
    answers = Answers(httpx.Response(401, json={"detail": "This token is unknown."}))
    with pytest.raises(Refused, match="This token is unknown") as caught:
        headquarters(answers).register("SS_MOTH", "Louie", "Giya", 2, key="k1")
    assert caught.value.status_code == 401
    assert len(answers.asked) == 1


@pytest.mark.parametrize("answer", [httpx.ConnectError("refused"), httpx.Response(502), httpx.Response(429)], ids=str)
def test_headquarters_that_stays_away_is_an_error_with_its_address(answer: httpx.Response | Exception) -> None:
    with pytest.raises(HeadquartersAway, match=r"hq\.test.*MISSIONS_API"):
        headquarters(Answers(answer), patience_s=0.1).complete(41, MissionStatus.SUCCESS, 156)


def test_an_answer_from_something_else_is_an_error_not_a_crash() -> None:
    with pytest.raises(HeadquartersError, match="MISSIONS_API"):
        headquarters(Answers(httpx.Response(200, text="<html>"))).mission(41)


def test_a_mission_that_has_ended_the_same_way_counts_as_completed() -> None:
    ended = Answers(httpx.Response(409, json={"detail": "It has ended.", "status": "SUCCESS"}))
    headquarters(ended).complete(41, MissionStatus.SUCCESS, 156)
    with pytest.raises(Refused, match="It has ended"):
        headquarters(ended).complete(41, MissionStatus.FAILURE, 156)


def test_an_unknown_mission_is_none() -> None:
    assert headquarters(Answers(httpx.Response(404, json={"detail": "No such mission."}))).mission(41) is None


def test_addresses_come_by_kind() -> None:
    uploads = [{"kind": "mission", "key": "k", "url": "http://s3.test/k", "headers": {"If-None-Match": "*"}}]
    answers = Answers(httpx.Response(201, json={"uploads": uploads, "expires_in": 900}))
    addresses = headquarters(answers).announce_report(41, 1, DAY)
    assert addresses["mission"].headers == {"If-None-Match": "*"}
    assert answers.asked[0].url.path == "/api/v1/missions/41/uploads"
    assert json.loads(answers.asked[0].content) == {"report_no": 1, "date": "2026-11-25"}


def test_an_object_is_put_with_the_signed_headers_and_its_bytes() -> None:
    answers = Answers(httpx.ConnectTimeout("late"), httpx.Response(500), httpx.Response(200))
    ReportStore(http=answers.client()).put(ADDRESS, b"content")
    put = answers.asked[-1]
    assert (put.method, put.content, put.headers["If-None-Match"]) == ("PUT", b"content", "*")
    assert len(answers.asked) == 3


def test_an_object_that_is_there_already_is_as_good_as_stored() -> None:
    answers = Answers(httpx.Response(412))
    ReportStore(http=answers.client()).put(ADDRESS, b"content")
    assert len(answers.asked) == 1


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (httpx.Response(403), UploadExpired),
        (httpx.Response(400, text="EntityTooLarge"), UploadRefused),
        (httpx.Response(503), UploadAway),
        (httpx.ReadError("cut"), UploadAway),
    ],
    ids=str,
)
def test_what_the_store_does_not_take_is_told_by_its_reason(
    answer: httpx.Response | Exception, error: type[UploadError]
) -> None:
    with pytest.raises(error, match=ADDRESS.key) as caught:
        ReportStore(patience_s=0.1, http=Answers(answer).client()).put(ADDRESS, b"content")
    assert type(caught.value) is error
    assert "Signature" not in str(caught.value)
