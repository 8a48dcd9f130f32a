"""The rules that every service of docker/compose.yml keeps, read off the files alone."""

from __future__ import annotations

import re
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

DOCKER = Path(__file__).resolve().parent.parent
COMPOSE = DOCKER / "compose.yml"
TLS = DOCKER / "compose.tls.yml"

PUBLISHED = {
    "web": "${PUBLISH_ADDRESS:?run docker/setup.py}:${WEB_PORT:?run docker/setup.py}:8000",
    "kafka": "${PUBLISH_ADDRESS:?run docker/setup.py}:${KAFKA_PORT:?run docker/setup.py}:9092",
    "door": "${PUBLISH_ADDRESS:?run docker/setup.py}:${S3_PORT:?run docker/setup.py}:9000",
    "prometheus": "127.0.0.1:${PROMETHEUS_PORT:-9090}:9090",
    "alertmanager": "127.0.0.1:${ALERTMANAGER_PORT:-9093}:9093",
    "grafana": "127.0.0.1:${GRAFANA_PORT:-3001}:3000",
    "metabase": "127.0.0.1:${METABASE_PORT:-3000}:3000",
    "adminer": "127.0.0.1:${ADMINER_PORT:-8080}:8080",
}
"""Every port that leaves the containers' networks; all others are a mistake."""

ONCE = {"bootstrap", "contracts"}
"""They end; whoever needs them waits for that."""

OWN_NETWORK = {"seaweedfs": "service:door", "fleet": "host"}
"""The store shares the door's loopback, and the fleet flies from outside."""

PROFILES = {
    "fleet": {"fleet"},
    "observability": {"prometheus", "alertmanager", "pushgateway", "postgres-exporter", "valkey-exporter", "grafana"},
    "bi": {"metabase", "metabase-setup"},
    "tools": {"adminer"},
}

ADMINISTRATORS = {
    "POSTGRES_PASSWORD": {"postgres", "bootstrap"},
    "KAFKA_ADMIN_PASSWORD": {"kafka", "bootstrap"},
    "S3_ADMIN_SECRET_KEY": {"seaweedfs", "bootstrap"},
}
"""Which services may be told each administrator's secret."""


class Loader(yaml.SafeLoader):
    """YAML with the tags that Compose adds."""


def _override(loader: yaml.SafeLoader, node: yaml.SequenceNode) -> Any:
    return loader.construct_sequence(node, deep=True)


Loader.add_constructor("!override", _override)


def load(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = yaml.load(path.read_text(), Loader)  # noqa: S506 - a SafeLoader of our own
    return found


PROJECT = load(COMPOSE)
SERVICES: dict[str, dict[str, Any]] = PROJECT["services"]
every_service = pytest.mark.parametrize("name", SERVICES)


def variables(path: Path) -> set[str]:
    """Names of the variables that a file asks the environment for; `$$NAME` is the container's own."""
    return set(re.findall(r"(?<!\$)\$\{([A-Z0-9_]+)", path.read_text()))


def template() -> dict[str, str]:
    lines = (DOCKER / "env.example").read_text().splitlines()
    pairs = (line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
    return dict(pairs)


@every_service
def test_an_image_is_pinned_to_a_release(name: str) -> None:
    image, _, tag = SERVICES[name]["image"].partition(":")
    assert image
    if image.startswith("hocotate/"):
        assert tag == "${HOCOTATE_VERSION:?run docker/setup.py}"
    else:
        # Without its Alpine an exporter is an image without a program that could ask how it is.
        assert re.fullmatch(r"v?\d+\.\d+(\.\d+)*(-alpine)?", tag), f"{name}: {image} is at {tag or 'no tag'}"


@pytest.mark.parametrize("path", sorted(DOCKER.glob("*/Dockerfile")), ids=lambda path: path.parent.name)
def test_a_dockerfile_begins_with_pinned_images_and_ends_as_a_plain_user(path: Path) -> None:
    text = path.read_text()
    for image in re.findall(r"^FROM (\S+)", text, re.MULTILINE):
        assert re.search(r":\d+\.\d+\.\d+", image), image
    assert re.findall(r"^USER (\S+)", text, re.MULTILINE)[-1] == "10001:10001"
    assert len(re.findall(r"^FROM ", text, re.MULTILINE)) > 1
    last = text.rpartition("\nFROM ")[2]
    assert not re.search(r"\b(pip install|apt-get|npm|curl|wget)\b", last), "the last stage installs something"


@every_service
def test_nothing_is_installed_when_a_container_starts(name: str) -> None:
    said = " ".join(map(str, [*SERVICES[name].get("command", []), *SERVICES[name].get("entrypoint", [])]))
    assert not re.search(r"\b(pip|apt|apt-get|apk|npm|curl|wget)\b", said)


def test_only_the_doors_publish_ports_and_pages_for_people_do_so_on_loopback() -> None:
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert published == {name: [port] for name, port in PUBLISHED.items()}
    assert template()["PUBLISH_ADDRESS"] == "127.0.0.1"


@every_service
def test_a_service_can_neither_write_its_root_nor_gain_a_right(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "cap_add" not in service
    assert "privileged" not in service
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert re.fullmatch(r"[1-9]\d*:\d+", service["user"])


@every_service
def test_a_service_is_bounded(name: str) -> None:
    service = SERVICES[name]
    assert re.fullmatch(r"\d+[mg]", service["mem_limit"])
    assert 0 < service["cpus"] <= 2
    assert 0 < service["pids_limit"] <= 500
    assert service["logging"]["options"] == {"max-size": "10m", "max-file": "3"}


@every_service
def test_a_service_says_how_it_is(name: str) -> None:
    check = SERVICES[name]["healthcheck"]
    if name in ONCE:
        assert check == {"disable": True}
        assert SERVICES[name]["restart"] == "on-failure:5"
        assert any(
            needed.get(name, {}).get("condition") == "service_completed_successfully"
            for needed in (other.get("depends_on", {}) for other in SERVICES.values())
        ), "`up --wait` takes the end of a service for a fault unless another one waits for it"
    else:
        assert check["test"][0] in ("CMD", "CMD-SHELL")
        assert {"interval", "timeout", "retries", "start_period"} <= set(check)
        assert SERVICES[name]["restart"] == "unless-stopped"


@every_service
def test_needs_are_waited_for_until_they_are_well(name: str) -> None:
    for needed, how in SERVICES[name].get("depends_on", {}).items():
        wanted = "service_completed_successfully" if needed in ONCE else "service_healthy"
        assert how["condition"] == wanted, f"{name} needs {needed}"
        assert SERVICES[needed].get("profiles") in (None, SERVICES[name].get("profiles"))


@every_service
def test_a_service_is_on_the_networks_that_its_ports_ask_for(name: str) -> None:
    service = SERVICES[name]
    if name in OWN_NETWORK:
        assert service["network_mode"] == OWN_NETWORK[name]
        return
    wanted = {"data"}
    if "ports" in service:
        wanted.add("screens" if service["ports"][0].startswith("127.0.0.1:") else "edge")
    assert set(service["networks"]) == wanted


def test_nothing_leads_out_of_the_network_between_the_parts() -> None:
    assert PROJECT["networks"]["data"] == {"internal": True}


def test_each_profile_has_its_services_and_the_platform_needs_none() -> None:
    found: dict[str, set[str]] = {}
    for name, service in SERVICES.items():
        for profile in service.get("profiles", []):
            found.setdefault(profile, set()).add(name)
    assert found == PROFILES


def test_every_volume_is_named_and_every_file_that_is_mounted_is_there_and_read_only() -> None:
    named = set()
    for name, service in SERVICES.items():
        for mount in service.get("volumes", []):
            source, _, target = mount.partition(":")
            if source.startswith("."):
                assert target.endswith(":ro"), f"{name}: {mount}"
                inside = source.startswith("./")
                assert not inside or (DOCKER / source).exists(), f"{name}: {mount}"
            else:
                named.add(source)
    assert named == set(PROJECT["volumes"])


@pytest.mark.parametrize("path", [COMPOSE, TLS], ids=lambda path: path.name)
def test_every_variable_is_in_the_template_and_explained(path: Path) -> None:
    assert variables(path) <= set(template())
    readme = (DOCKER / "README.md").read_text()
    settings = {name for name, value in template().items() if not is_secret(name)}
    assert {name for name in variables(path) & settings if f"`{name}`" not in readme} == set()


def test_prometheus_is_told_of_all_that_its_template_leaves_open() -> None:
    template = (DOCKER.parent / "observability" / "prometheus" / "prometheus.yml").read_text()
    filled = re.findall(r"s#\\?\$\{([A-Z_]+)\}#", (DOCKER / "prometheus" / "start.sh").read_text())
    assert set(filled) == set(re.findall(r"\$\{([A-Z_]+)\}", template))


def test_exporters_ask_as_one_who_sees_figures_alone() -> None:
    assert SERVICES["postgres-exporter"]["environment"]["DATA_SOURCE_USER"] == "watcher"
    assert SERVICES["valkey-exporter"]["environment"]["REDIS_USER"] == "watcher"
    assert "+config" not in (DOCKER / "valkey" / "start.sh").read_text()


def test_the_template_has_nothing_that_nobody_reads() -> None:
    assert set(template()) - variables(COMPOSE) - variables(TLS) == {"COMPOSE_PROFILES"}


def is_secret(name: str) -> bool:
    return name.endswith(("_PASSWORD", "_KEY", "_TOKEN")) or name == "KAFKA_CLUSTER_ID"


def test_no_secret_stands_in_the_repository() -> None:
    assert not any(value for name, value in template().items() if is_secret(name))
    for name, service in SERVICES.items():
        for setting, value in (service.get("environment") or {}).items():
            if is_secret(setting) or ("://" in str(value) and "@" in str(value)):
                assert re.search(r"\$\{[A-Z0-9_]+:\?", str(value)), f"{name}: {setting}"


@pytest.mark.parametrize("secret", ADMINISTRATORS)
def test_only_bootstrap_and_its_server_know_an_administrator(secret: str) -> None:
    told = {name for name, service in SERVICES.items() if f"${{{secret}:" in str(service.get("environment"))}
    assert told == ADMINISTRATORS[secret]


def test_setup_draws_what_is_missing_keeps_what_is_there_and_is_private(tmp_path: Path) -> None:
    target = tmp_path / ".env"
    run = [sys.executable, str(DOCKER / "setup.py"), str(target)]
    subprocess.run(run, check=True, capture_output=True)
    first = target.read_text()
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    values = dict(line.split("=", 1) for line in first.splitlines() if "=" in line and not line.startswith("#"))
    drawn = {name: value for name, value in values.items() if is_secret(name)}
    assert all(len(value) >= 16 for value in drawn.values())
    assert len(set(drawn.values())) == len(drawn)
    assert re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9_-]{21}", drawn["KAFKA_CLUSTER_ID"])
    target.write_text(first.replace("ADMIN_USER=admin", "ADMIN_USER=shacho") + "RATE_TOKEN=5\n")
    subprocess.run(run, check=True, capture_output=True)
    again = target.read_text()
    assert "ADMIN_USER=shacho\n" in again
    assert "RATE_TOKEN=5\n" in again
    assert all(f"{name}={value}\n" in again for name, value in drawn.items())


def test_the_lake_image_has_every_package_that_the_lake_writer_imports() -> None:
    root, ours = DOCKER.parent, {"hocotate_logs", "spark", "ships_client"}
    folders = (root / "spark", root / "hocotate_logs")
    files = [path for folder in folders for path in folder.rglob("*.py") if "tests" not in path.parts]
    found = {
        name for path in files for name in re.findall(r"^\s*(?:from|import) (\w+)", path.read_text(), re.MULTILINE)
    }
    listed = (DOCKER / "spark" / "only.txt").read_text().splitlines()
    named = {line.partition("[")[0].replace("-", "_") for line in listed if line and not line.startswith("#")}
    named |= {"pythonjsonlogger"} if "python_json_logger" in named else set()
    assert found - set(sys.stdlib_module_names) - ours - {"py4j"} <= named  # PySpark needs py4j, which comes with it


@pytest.mark.parametrize("image", ["site", "spark"])
def test_packages_that_an_image_leaves_out_or_picks_are_locked(image: str) -> None:
    locked = (DOCKER.parent / "requirements.txt").read_text().splitlines()
    listing = DOCKER / image / ("without.txt" if image == "site" else "only.txt")
    names = [re.split(r"[\[=]", line)[0] for line in listing.read_text().splitlines() if not line.startswith("#")]
    assert all(any(line.startswith(f"{name}==") for line in locked) for name in names)
