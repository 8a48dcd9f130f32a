"""Who hears of alerts, for a test: takes what Alertmanager sends to the site."""

from __future__ import annotations

import json
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any


class Site(HTTPServer):
    """Keeps the notifications that it is sent, and the credential of each."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Taking)
        self.heard: list[tuple[str, str, Any]] = []


class Taking(BaseHTTPRequestHandler):
    """Takes a notification."""

    server: Site

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.heard.append((self.path, self.headers["Authorization"], body))
        self.send_response(200)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""
