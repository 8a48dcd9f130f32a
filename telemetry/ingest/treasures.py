"""The treasures among loaded items, into a table of their own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.db import connection

from ships_client.contracts import CATALOGUE
from ships_client.contracts.world import ItemKind

TREASURES: Final = [item.name for item in CATALOGUE if item.kind is ItemKind.TREASURE]
"""What the catalogue calls a treasure."""

_INSERT: Final = """
INSERT INTO ll.treasure_reports (manifest_id, row_no, mission_id, item, value, timestamp, loaded_at)
SELECT manifest_id, row_no, mission_id, item, value, timestamp, loaded_at
FROM ll.mission_reports WHERE manifest_id = ANY (%s) AND item = ANY (%s)
"""


def treasures_insert(manifests: Sequence[int]) -> int:
    """Write the treasures of these manifests, whose items were written in the same transaction; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [list(manifests), TREASURES])
        return int(cursor.rowcount)
