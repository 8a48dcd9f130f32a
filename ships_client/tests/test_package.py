import subprocess
import sys
from importlib.metadata import entry_points

import pytest

import ships_client
from ships_client import exceptions


def test_the_public_names_are_these() -> None:
    assert ships_client.__all__ == [
        "Connection",
        "Event",
        "Fleet",
        "Flight",
        "FlightPlan",
        "Headquarters",
        "Kind",
        "OneFlight",
        "Recorder",
        "ReportStore",
        "Roster",
        "ShipsClientError",
        "Status",
        "Summary",
        "TelemetryProducer",
        "__version__",
        "fly",
    ]
    assert all(getattr(ships_client, name) is not None for name in ships_client.__all__)
    assert dir(ships_client) == sorted(ships_client.__all__)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="Warp"):
        ships_client.Warp  # noqa: B018


def test_every_error_has_one_base_and_stands_in_the_drawing() -> None:
    errors = [found for found in vars(exceptions).values() if isinstance(found, type) and issubclass(found, Exception)]
    assert all(issubclass(error, ships_client.ShipsClientError) for error in errors)
    assert exceptions.__doc__ is not None
    assert all(error.__name__ in exceptions.__doc__ for error in errors)


def test_the_contracts_load_nothing_but_msgspec() -> None:
    code = (
        "import sys, ships_client.contracts, ships_client.contracts.schemas, ships_client.contracts.examples;"
        "heavy = {'numpy', 'pyarrow', 'httpx', 'confluent_kafka', 'click', 'rich', 'tenacity'};"
        "print(sorted(heavy & set(sys.modules)))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_both_commands_are_installed() -> None:
    commands = {point.name: point.value for point in entry_points(group="console_scripts")}
    assert commands["hocotate-ship"] == "ships_client.cli.entry:ship_command"
    assert commands["hocotate-fleet"] == "ships_client.cli.entry:fleet_command"


def test_the_commands_load_pyarrow_without_the_pool_that_keeps_memory_for_each_thread() -> None:
    script = (
        "import sys\n"
        "sys.argv = ['hocotate-ship', '--help']\n"
        "from ships_client.cli.entry import ship_command\n"
        "assert 'pyarrow' not in sys.modules\n"
        "try:\n"
        "    ship_command()\n"
        "finally:\n"
        "    import pyarrow\n"
        "    print('pool:', pyarrow.default_memory_pool().backend_name)\n"
    )
    said = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    assert said.splitlines()[-1] == "pool: system"
