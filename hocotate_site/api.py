"""The site's API: its routers and its documentation page."""

from csp.constants import SELF
from csp.decorators import csp_update

import missions.api
import radar.replay.api
import telemetry.api
import telemetry.completeness.api
import telemetry.history_api
import telemetry.lake_api
import telemetry.warehouse_api
from hocotate_site.refusals import RefusingAPI

api = RefusingAPI(
    title="Hocotate Freight",
    version="1",
    description="Missions, what their ships say, the reports of their captains, and SQL over the lake. Reading of"
    " missions is free; writing needs a ship token; the lake is for those who are signed in, and for programs with a"
    " token.",
    # Swagger UI draws its icons from data: images; no other page may.
    docs_decorator=csp_update({"img-src": [SELF, "data:"]}),
)
api.add_router("/v1", missions.api.router)
api.add_router("/v1", telemetry.api.router)
api.add_router("/v1", telemetry.lake_api.router)
api.add_router("/v1", telemetry.warehouse_api.router)
api.add_router("/v1", telemetry.history_api.router)
api.add_router("/v1", telemetry.completeness.api.router)
api.add_router("/v1", radar.replay.api.router)

original = RefusingAPI(urls_namespace="original", docs_url=None, openapi_url=None)
original.add_router("", missions.api.original_router)
