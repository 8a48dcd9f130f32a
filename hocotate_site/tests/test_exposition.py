"""Metrics over HTTP: the registry's and the written ones in one answer, in either format."""

from collections.abc import Iterator

import httpx
import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families as of_openmetrics
from prometheus_client.parser import text_string_to_metric_families

from hocotate_site import exposition

WRITTEN = '# HELP probe_ratio A "probe".\n# TYPE probe_ratio gauge\nprobe_ratio{ship_id="X"} 0.5\n'


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    port = exposition.serve_metrics(0)
    exposition.SOURCES.append(lambda: [WRITTEN])
    yield f"http://127.0.0.1:{port}/metrics"
    exposition.SOURCES.clear()


@pytest.mark.parametrize(
    ("accept", "parse"),
    [("text/plain", text_string_to_metric_families), ("application/openmetrics-text; version=1.0.0", of_openmetrics)],
)
def test_both_formats_hold_the_registrys_and_the_written_metrics(address: str, accept: str, parse: object) -> None:
    assert callable(parse)
    answer = httpx.get(address, headers={"Accept": accept}, trust_env=False)
    values = {sample.name: sample.value for family in parse(answer.text) for sample in family.samples}

    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["content-type"].startswith(accept.split(";")[0])
    assert values["probe_ratio"] == 0.5
    assert values["python_info"] == 1


def test_who_takes_no_gzip_gets_plain_text(address: str) -> None:
    answer = httpx.get(address, headers={"Accept-Encoding": "identity"}, trust_env=False)

    assert "content-encoding" not in answer.headers
    assert answer.text.endswith(WRITTEN)
