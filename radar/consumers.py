"""WebSocket side of the radar: translates between one browser and the hub."""

from channels.generic.websocket import AsyncWebsocketConsumer


class RadarConsumer(AsyncWebsocketConsumer):  # type: ignore[misc]  # channels has no types
    """One browser's socket."""
