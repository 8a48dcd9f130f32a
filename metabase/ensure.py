"""Makes what is missing in Metabase, and mends what differs; changes nothing where all is right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from metabase.client import Metabase
from metabase.content import COLLECTION, DASHBOARD, QUESTIONS, Question, places

CONNECTION: Final = "Marts"


@dataclass(frozen=True)
class Marts:
    """How Metabase reaches the marts: a role that can read bl and sl and nothing else."""

    host: str
    port: int
    database: str
    user: str
    password: str = field(repr=False)

    @property
    def details(self) -> dict[str, Any]:
        """Metabase's settings of the connection."""
        return {
            "host": self.host,
            "port": self.port,
            "dbname": self.database,
            "user": self.user,
            "password": self.password,
            "ssl": False,
            "schema-filters-type": "inclusion",
            "schema-filters-patterns": "bl,sl",
        }


def ensure(metabase: Metabase, marts: Marts) -> list[str]:
    """Make connection, collection, questions and dashboard; what was done, in words.

    Raises:
        MetabaseError: Metabase refuses something.
    """
    done: list[str] = []
    database = _connection(metabase, marts, done)
    collection = _collection(metabase, done)
    items = metabase.listed(f"/api/collection/{collection}/items?models=card&models=dashboard&limit=1000")
    known = {(str(item["model"]), str(item["name"])): int(item["id"]) for item in items}
    cards = [_question(metabase, question, database, collection, known, done) for question in QUESTIONS]
    _dashboard(metabase, cards, collection, known, done)
    return done


def _connection(metabase: Metabase, marts: Marts, done: list[str]) -> int:
    wanted = {"name": CONNECTION, "engine": "postgres", "details": marts.details}
    for row in metabase.listed("/api/database"):
        if row["name"] == CONNECTION:
            number = int(row["id"])
            held = metabase.ask("GET", f"/api/database/{number}")
            # A password is never shown, so a wrong one can only be noticed by what it stops.
            hidden = {name: value for name, value in marts.details.items() if name != "password"}
            if _differs(hidden, held.get("details") or {}):
                metabase.ask("PUT", f"/api/database/{number}", wanted)
                done.append("connection mended")
            return number
    made = metabase.ask("POST", "/api/database", wanted)
    done.append("connection made")
    return int(made["id"])


def _collection(metabase: Metabase, done: list[str]) -> int:
    for row in metabase.listed("/api/collection"):
        if row["name"] == COLLECTION and not row.get("archived"):
            return int(row["id"])
    made = metabase.ask("POST", "/api/collection", {"name": COLLECTION})
    done.append("collection made")
    return int(made["id"])


def _question(
    metabase: Metabase,
    question: Question,
    database: int,
    collection: int,
    known: Mapping[tuple[str, str], int],
    done: list[str],
) -> int:
    wanted = {
        "name": question.name,
        "description": question.description,
        "display": question.display,
        "visualization_settings": question.settings,
        "dataset_query": {"type": "native", "database": database, "native": {"query": question.sql}},
        "collection_id": collection,
    }
    number = known.get(("card", question.name))
    if number is None:
        made = metabase.ask("POST", "/api/card", wanted)
        done.append(f"question {question.name!r} made")
        return int(made["id"])
    held = metabase.ask("GET", f"/api/card/{number}")
    if question.sql not in _texts(held.get("dataset_query")) or held.get("display") != question.display:
        metabase.ask("PUT", f"/api/card/{number}", wanted)
        done.append(f"question {question.name!r} mended")
    return number


def _dashboard(
    metabase: Metabase, cards: list[int], collection: int, known: Mapping[tuple[str, str], int], done: list[str]
) -> None:
    number = known.get(("dashboard", DASHBOARD))
    if number is None:
        number = int(metabase.ask("POST", "/api/dashboard", {"name": DASHBOARD, "collection_id": collection})["id"])
        done.append("dashboard made")
    held = metabase.ask("GET", f"/api/dashboard/{number}")
    standing = {card.get("card_id"): card for card in held.get("dashcards") or []}
    wanted = []
    for place, (card, question, (column, row)) in enumerate(zip(cards, QUESTIONS, places(), strict=True), start=1):
        wanted.append(
            {
                # Metabase takes a negative number for a card that it has not seen yet.
                "id": standing[card]["id"] if card in standing else -place,
                "card_id": card,
                "col": column,
                "row": row,
                "size_x": question.size[0],
                "size_y": question.size[1],
            }
        )
    others = [card for number_, card in standing.items() if number_ not in cards]
    if any(_differs(card, standing.get(card["card_id"], {})) for card in wanted):
        metabase.ask("PUT", f"/api/dashboard/{number}", {"dashcards": [*wanted, *others]})
        done.append("dashboard laid out")


def _differs(wanted: Mapping[str, Any], held: Mapping[str, Any]) -> bool:
    return any(held.get(name) != value for name, value in wanted.items())


def _texts(value: Any) -> set[str]:
    """All texts within a value: where a question's SQL stands differs between Metabase's releases."""
    if isinstance(value, str):
        return {value}
    if isinstance(value, Mapping):
        return set().union(*(_texts(inner) for inner in value.values()))
    if isinstance(value, list):
        return set().union(*(_texts(inner) for inner in value))
    return set()
