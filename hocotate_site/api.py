"""The site's API."""

from ninja import NinjaAPI

api = NinjaAPI(title="Hocotate Freight", version="1")
