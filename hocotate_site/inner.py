"""Calls of the platform's own parts, which reach the site at its inner address without TLS."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings

from hocotate_site.gate import Application, Message, Receive, Send


class InnerCalls:
    """An ASGI application before another one: a call to the host of SITE_INNER_URL is as good as one by HTTPS.

    A site whose SITE_URL is https sends everybody else on to it, and who has only the network between the parts could
    not follow: Alertmanager and the audit. A stranger who names the inner host gains nothing but plain answers: to
    write he still needs a credential, and where there is TLS the plain port is not published.
    """

    def __init__(self, application: Application) -> None:
        self._application = application

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer, after another look at who asks."""
        inner = urlsplit(settings.SITE_INNER_URL).netloc.encode()
        if inner and scope["type"] == "http" and (b"host", inner) in [tuple(pair) for pair in scope["headers"]]:
            scope = {**scope, "scheme": "https"}
        await self._application(scope, receive, send)
