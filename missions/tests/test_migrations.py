"""What migrations do to a registry that holds something already."""

from collections.abc import Callable, Iterator

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from missions import services
from missions.models import ShipToken
from missions.tokens import digest

Migrate = Callable[[str], None]


@pytest.fixture
def migrate(transactional_db: None) -> Iterator[Migrate]:
    """Moves the registry's tables to a migration; at the end they are as they were."""

    def to(name: str) -> None:
        MigrationExecutor(connection).migrate([("missions", name)])

    last = MigrationExecutor(connection).loader.graph.leaf_nodes("missions")[0][1]
    yield to
    to(last)


def test_tokens_that_are_there_keep_what_ships_need_and_do_not_open_the_lake(migrate: Migrate) -> None:
    migrate("0001_initial")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO params.ship_tokens (name, sha256, created_at) VALUES ('old fleet', %s, now())",
            [digest("old secret")],
        )

    migrate("0002_access")

    token = services.token_authenticate("old secret")
    assert (token.scopes, token.ship_name) == (["missions:write", "reports:write"], None)


def test_the_way_back_keeps_the_tokens(migrate: Migrate) -> None:
    services.token_add(name="fleet", secret="secret")

    migrate("0001_initial")
    migrate("0002_access")

    assert ShipToken.objects.get().sha256 == digest("secret")
