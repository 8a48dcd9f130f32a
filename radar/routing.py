"""WebSocket addresses of the radar."""

from django.urls import path

from radar.consumers import RadarConsumer

websocket_urlpatterns = [path("ws/radar/", RadarConsumer.as_asgi())]
