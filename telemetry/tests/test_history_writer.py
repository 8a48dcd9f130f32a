"""The seam as it comes about: the lake's own application writes, stands still, and ships go on."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from missions.models import Mission
from spark.tests.lakes import Lake, until
from stack.services.base import Context

from .test_history import arriving, assert_is, flight, get
from .tracks import Tracks, each_once, row


@pytest.mark.platform
def test_what_the_application_has_not_committed_comes_from_kafka(
    client: Client, mission: Mission, backing: Context, tmp_path: Path, settings: Settings
) -> None:
    lake = Lake(backing, tmp_path)
    lake.make()
    try:
        access = lake.access()
        settings.LAKE_CATALOG_READER_URL, settings.LAKE_WAREHOUSE = access.catalog_url, access.warehouse
        settings.TOPIC_RAW = lake.name
        tracks, sent = Tracks(lake), arriving(flight(mission, 400))
        tracks.send(sent[:250])
        lake.start()
        until("the lake has what was sent", lambda: lake.rows() >= 250)
        application = until("the JVM runs", lake.jvm)
        application.suspend()
        tracks.send(sent[200:])

        answer = get(client, mission).json()

        assert_is(answer, each_once([row(stored) for stored in tracks.stored()], mission.mission_id))
        assert answer["source"]["lake"] > 0
        assert answer["source"]["tail"] > 0
        assert answer["complete_until"] is not None

        application.resume()
        until("the lake has all", lambda: lake.rows() >= len(tracks.stored()))
        # The track follows raw by a moment.
        until("more of it comes from the lake", lambda: in_tail(client, mission) < answer["source"]["tail"])
        assert get(client, mission).json()["series"] == answer["series"]
    finally:
        lake.drop()


def in_tail(client: Client, mission: Mission) -> int:
    """Messages of the answer that come from Kafka."""
    found: int = get(client, mission).json()["source"]["tail"]
    return found
