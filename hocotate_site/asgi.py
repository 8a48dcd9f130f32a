"""Entry point of the web process: HTTP by Django, WebSockets by Channels."""

import os

import django
from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import AllowedHostsOriginValidator
from channels.sessions import SessionMiddlewareStack

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hocotate_site.settings")

django.setup(set_prefix=False)

# Only after setup(), which fills the registry of apps that these imports need.
from hocotate_site.gate import Gate  # noqa: E402
from hocotate_site.handler import SiteHandler  # noqa: E402
from hocotate_site.inner import InnerCalls  # noqa: E402
from hocotate_site.log_ids import RequestIds  # noqa: E402
from hocotate_site.settings.environment import ensure_configured  # noqa: E402
from radar.routing import websocket_urlpatterns  # noqa: E402

ensure_configured()

application = RequestIds(
    ProtocolTypeRouter(
        {
            "http": InnerCalls(Gate(SiteHandler())),
            "websocket": AllowedHostsOriginValidator(SessionMiddlewareStack(URLRouter(websocket_urlpatterns))),
        }
    )
)
