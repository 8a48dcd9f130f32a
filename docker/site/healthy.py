"""Healthchecks of our own images, of the standard library alone so that asking costs next to nothing.

`healthy.py http URL` wants a 200, `healthy.py loop PORT GAUGE SECONDS` a main loop that turned lately, and
`healthy.py heartbeat SECONDS` the heartbeat that goes from beat through a worker into Valkey (VALKEY_URL).
"""

from __future__ import annotations

import os
import socket
import sys
import time
import urllib.error
import urllib.request
from urllib.parse import unquote, urlsplit

PATIENCE_S = 8
HEARTBEAT = "hocotate:beat"


def http(url: str) -> str:
    """The body of a 200."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(url, timeout=PATIENCE_S) as answer:
        return str(answer.read().decode())


def loop(port: str, gauge: str, limit: str) -> str:
    """How long ago the main loop turned."""
    for line in http(f"http://127.0.0.1:{port}/metrics").splitlines():
        if line.startswith(f"{gauge} "):
            return _young(gauge, float(line.split()[1]), float(limit))
    raise OSError(f"there is no {gauge}")


def heartbeat(url: str, limit: str) -> str:
    """How long ago the last heartbeat arrived."""
    parts = urlsplit(url)
    with socket.create_connection((parts.hostname or "127.0.0.1", parts.port or 6379), PATIENCE_S) as line:
        line.sendall(_command("AUTH", unquote(parts.password or "")) + _command("GET", HEARTBEAT))
        with line.makefile("rb") as answer:
            if not answer.readline().startswith(b"+OK"):
                raise OSError("Valkey refuses the password")
            size = int(answer.readline()[1:])
            if size < 0:
                raise OSError("there is no heartbeat")
            return _young("heartbeat", float(answer.read(size)), float(limit))


def _command(*words: str) -> bytes:
    """A command in Valkey's protocol."""
    return f"*{len(words)}\r\n".encode() + b"".join(b"$%d\r\n%s\r\n" % (len(w.encode()), w.encode()) for w in words)


def _young(name: str, when: float, limit: float) -> str:
    age = time.time() - when
    if age > limit:
        raise OSError(f"{name} is {age:.0f} s old, at most {limit:.0f} are right")
    return f"{name} {age:.0f} s ago"


def main(kind: str, *words: str) -> int:
    """Ask, say what was found, and tell it by the exit status too."""
    try:
        match kind:
            case "http":
                http(*words)
                said = "answers"
            case "loop":
                said = loop(*words)
            case "heartbeat":
                said = heartbeat(os.environ["VALKEY_URL"], *words)
            case _:
                said = f"{kind!r} is none of http, loop and heartbeat"
                sys.stderr.write(said + "\n")
                return 2
    except (OSError, ValueError) as error:
        sys.stderr.write(f"{type(error).__name__}: {error}\n")
        return 1
    sys.stdout.write(said + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
