"""Entry point of the web process: HTTP by Django, WebSockets by Channels."""

import os

from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import AllowedHostsOriginValidator
from channels.sessions import SessionMiddlewareStack
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hocotate_site.settings")

django_application = get_asgi_application()

# Only after get_asgi_application(), which fills the registry of apps that these imports need.
from hocotate_site.settings.environment import ensure_configured  # noqa: E402
from radar.routing import websocket_urlpatterns  # noqa: E402

ensure_configured()

application = ProtocolTypeRouter(
    {
        "http": django_application,
        "websocket": AllowedHostsOriginValidator(SessionMiddlewareStack(URLRouter(websocket_urlpatterns))),
    }
)
