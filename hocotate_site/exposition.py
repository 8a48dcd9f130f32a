"""A process' metrics over HTTP: those of the library's registry, and those that a source writes as text itself."""

import gzip
import logging
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Final

from django.conf import settings
from prometheus_client import REGISTRY, start_http_server
from prometheus_client.exposition import choose_encoder

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

logger = logging.getLogger(__name__)

Source = Callable[[], Iterable[str]]
"""Pieces of whole metric families, in lines that are the same in Prometheus' text format and in OpenMetrics."""

SOURCES: Final[list[Source]] = []
"""What this process tells beside the registry; whoever adds a source takes it away again."""

END: Final = b"# EOF\n"
"""What ends a text of OpenMetrics; nothing may follow."""


def serve_metrics(port: int) -> int:
    """Serve this process' metrics at http://METRICS_ADDRESS:`port`/metrics, from a thread of its own.

    Returns:
        The port; of 0 it is one that was free.

    Raises:
        OSError: the port is taken.
    """
    server, _thread = start_http_server(port, addr=settings.METRICS_ADDRESS)
    server.set_app(answer)
    logger.info("Metrics at http://%s:%d/metrics.", settings.METRICS_ADDRESS, server.server_port)
    return server.server_port


def answer(environ: "WSGIEnvironment", start_response: "StartResponse") -> list[bytes]:
    """The WSGI application: every request is answered with the registry's metrics and those of SOURCES."""
    accept, encoding = environ.get("HTTP_ACCEPT", ""), environ.get("HTTP_ACCEPT_ENCODING", "")
    body, headers = exposed(accept, encoding, SOURCES)
    start_response("200 OK", list(headers.items()))
    return [body]


def exposed(accept: str, encoding: str, sources: Iterable[Source]) -> tuple[bytes, dict[str, str]]:
    """The text in the format that is asked for, and its headers."""
    encode, content_type = choose_encoder(accept)
    body = encode(REGISTRY)
    written = "".join(piece for source in sources for piece in source()).encode()
    body = body.removesuffix(END) + written + END if body.endswith(END) else body + written
    headers = {"Content-Type": content_type}
    if "gzip" in encoding:
        # On loopback the least effort is the best: more of it costs several times as much and saves little.
        body = gzip.compress(body, compresslevel=1)
        headers["Content-Encoding"] = "gzip"
    return body, headers


def escaped(value: str) -> str:
    """A label's value as it stands between quotes."""
    return value.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
