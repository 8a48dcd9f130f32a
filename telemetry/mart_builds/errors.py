"""What may stop a build of the marts.

MartError
├── BuildBusy      another build is at it
├── BuildFailed    it failed, and the marts before it stand; the sentence is in ll.mart_builds
└── DbtFailed      dbt can't be started, or a model or a test of it failed
"""

from __future__ import annotations


class MartError(Exception):
    """Base of all errors that builds raise on purpose; the text is a sentence for people."""


class BuildBusy(MartError):
    """Another build has the lock."""


class BuildFailed(MartError):
    """The build failed; what was published before it stands."""


class DbtFailed(MartError):
    """dbt can't be started, or failed."""
