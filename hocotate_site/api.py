"""The site's API: its routers and its documentation page."""

from csp.constants import SELF
from csp.decorators import csp_update

import missions.api
import missions.audit_api
import missions.original_api
import missions.ships_api
import radar.replay.api
import telemetry.alerts.api
import telemetry.api
import telemetry.completeness.api
import telemetry.history_api
import telemetry.lake_api
import telemetry.marts_api
import telemetry.reports_api
import telemetry.warehouse_api
from hocotate_site.refusals import PlainAPI, RefusingAPI

api = RefusingAPI(
    title="Hocotate Freight",
    version="1",
    description="Missions, ships, what they say, the reports of their captains, marts, and SQL over the lake. Reading"
    " of missions, reports and marts is free; writing needs a ship token; the lake is for those who are signed in, and"
    " for programs whose token has the scope lake:read. What is refused comes as application/problem+json.",
    # Swagger UI draws its icons from data: images; no other page may.
    docs_decorator=csp_update({"img-src": [SELF, "data:"]}),
)
api.add_router("/v1", missions.api.router)
api.add_router("/v1", missions.ships_api.router)
api.add_router("/v1", missions.audit_api.router)
api.add_router("/v1", telemetry.api.router)
api.add_router("/v1", telemetry.reports_api.router)
api.add_router("/v1", telemetry.marts_api.router)
api.add_router("/v1", telemetry.lake_api.router)
api.add_router("/v1", telemetry.warehouse_api.router)
api.add_router("/v1", telemetry.history_api.router)
api.add_router("/v1", telemetry.completeness.api.router)
api.add_router("/v1", radar.replay.api.router)
api.add_router("/v1", telemetry.alerts.api.router)

original = PlainAPI(urls_namespace="original", docs_url=None, openapi_url=None)
original.add_router("", missions.original_api.router)
