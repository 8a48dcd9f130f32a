"""The world: planets, captains, ships and what they carry. One table for everything that draws or checks it.

Coordinates in km with Hocotate at the origin; values in Poko. Source: the company's charts and catalogue.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from msgspec import Struct


class Band(StrEnum):
    """Distance class of a planet."""

    HOME = "home"
    INNER = "inner"
    MIDDLE = "middle"
    OUTER = "outer"


class Planet(Struct, frozen=True):
    """A planet and its place (x, y, z in km, Hocotate at the origin)."""

    name: str
    band: Band
    x: float
    y: float
    z: float


class ItemKind(StrEnum):
    """What an item is: found on a planet, or carried for a customer."""

    TREASURE = "treasure"
    FREIGHT = "freight"


class Item(Struct, frozen=True):
    """An item of the catalogue and its value in Poko."""

    name: str
    kind: ItemKind
    poko: int


HOME = "Hocotate"

_PLANETS = (
    Planet(HOME, Band.HOME, 0.0, 0.0, 0.0),
    Planet("PNF-404", Band.INNER, 0.7e8, -1.3e8, -1.5e8),
    Planet("Karut", Band.INNER, 1.2e8, 0.8e8, 0.1e8),
    Planet("Giya", Band.INNER, -1.5e8, 0.3e8, -0.6e8),
    Planet("Nijo", Band.INNER, 0.7e8, -1.1e8, 0.2e8),
    Planet("Sozor", Band.INNER, -0.9e8, -0.6e8, 0.5e8),
    Planet("Koppai", Band.MIDDLE, 6.8e8, 2.1e8, -1.2e8),
    Planet("Ohri", Band.MIDDLE, 5.2e8, -2.4e8, 2.9e8),
    Planet("Moyama", Band.MIDDLE, -6.1e8, 3.5e8, 0.9e8),
    Planet("Flukuey", Band.MIDDLE, 4.0e8, -3.8e8, -1.0e8),
    Planet("Enohay", Band.MIDDLE, 3.3e8, 1.9e8, 2.2e8),
    Planet("Mihama", Band.MIDDLE, -3.7e8, -1.6e8, 2.6e8),
    Planet("Ooji", Band.MIDDLE, 7.5e8, 0.0, 0.8e8),
    Planet("Ogura", Band.MIDDLE, -5.5e8, 2.2e8, -2.3e8),
    Planet("Conohan", Band.OUTER, 9.4e8, -4.1e8, 1.6e8),
    Planet("Ocobo", Band.OUTER, -1.0e9, 3.8e8, -1.9e8),
    Planet("Tagwa", Band.OUTER, 1.12e9, 1.1e8, -3.4e8),
    Planet("Enohee", Band.OUTER, -1.25e9, -0.2e9, 2.7e8),
    Planet("Neechki", Band.OUTER, 1.35e9, -3.0e8, 0.0),
    Planet("Koodgio", Band.OUTER, -1.10e9, 4.5e8, 3.2e8),
    Planet("Maxima", Band.OUTER, 1.45e9, 0.0, 4.0e8),
)

PLANETS: Mapping[str, Planet] = MappingProxyType({planet.name: planet for planet in _PLANETS})
"""All planets by name, home first, then outwards."""

TARGETS: tuple[str, ...] = tuple(name for name in PLANETS if name != HOME)
"""Where a mission may go: every planet but home."""

CAPTAINS: tuple[str, ...] = (
    "Olimar",
    "Louie",
    "Alph",
    "Brittany",
    "Charlie",
    "Hocotate President",
    "Shepherd",
    "Collin",
    "Dingo",
    "Yonny",
    "Irin",
    "Auberjynn",
    "Raphf",
    "Adael",
    "Stace",
)
"""Captains of demo fleets."""

SHIPS: tuple[str, ...] = (
    "SS_DOLPHIN",
    "HOCOTATE_SHIP",
    "SS_MOTH",
    "SS_KITTY",
    "SS_NECTAR",
    "SS_DRAGONFLY",
    "SS_SCARAB",
    "SS_COMET",
    "SS_ORION",
    "SS_METEOR",
    "SS_SPACENECTAR",
    "SS_BULBBLOSSOM",
    "SS_GOLDENSTEM",
    "SS_RUSTBEETLE",
    "SS_MANDIBLAR",
    "ONION?!",
    "BLUE_FALCON",
    "ODYSSEY",
    "GALAXIA",
    "HYPERION",
    "RAPHALZ",
    "SPACEBUS",
    "SS_BOING",
)
"""Ships of demo fleets; a larger fleet adds _02, _03 and so on."""

_TREASURES = {
    "Sunseed Berry": 170,
    "Anxious Sprout": 80,
    "Flame of Tomorrow": 100,
    "Professional Noisemaker": 280,
    "Dream Architect": 1000,
    "Conifer Spire": 130,
    "Crystal King": 1200,
    "Lustrous Element": 150,
    "Remembered Old Buddy": 230,
    "Stone of Glory": 300,
    "Pileated Snagret Beak": 450,
    "Spiny Alien Trap": 220,
    "Essence of Despair": 90,
    "Mirrored Stage": 320,
    "Infernal Vegetation": 70,
    "Paradoxical Enigma": 650,
}
_FREIGHT = {
    "Aluminum Crates": 50,
    "Processed Fuel Cells": 110,
    "Frozen Food Containers": 75,
    "Industrial Lubricants": 95,
    "Consumer Electronics Pallet": 180,
    "Agricultural Seeds": 60,
    "Machinery Parts": 140,
}

CATALOGUE: tuple[Item, ...] = (
    *(Item(name, ItemKind.TREASURE, poko) for name, poko in _TREASURES.items()),
    *(Item(name, ItemKind.FREIGHT, poko) for name, poko in _FREIGHT.items()),
)
"""What ships bring home, treasures first."""
