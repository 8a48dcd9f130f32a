"""Addresses of the site: the apps' pages, the API, admin, probes and metrics."""

from django.contrib import admin
from django.contrib.auth.views import LogoutView
from django.urls import include, path

from hocotate_site.api import api, original
from hocotate_site.health import livez, readyz
from hocotate_site.sign_in import SignInView, admin_sign_in

handler403 = "hocotate_site.errors.forbidden"
handler404 = "hocotate_site.errors.not_found"
handler500 = "hocotate_site.errors.server_error"

urlpatterns = [
    path("", include("radar.urls")),
    path("", include("missions.urls")),
    path("", include("telemetry.urls")),
    path("login/", SignInView.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("", include("telemetry.completeness.urls")),
    path("", include("telemetry.reports.urls")),
    path("", include("telemetry.analytics.urls")),
    path("", include("telemetry.status.urls")),
    path("api/", api.urls),
    path("", original.urls),
    path("admin/login/", admin_sign_in),
    path("admin/", admin.site.urls),
    path("livez", livez, name="livez"),
    path("readyz", readyz, name="readyz"),
]
