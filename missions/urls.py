"""Pages of the registry."""

from django.urls import path

from missions import views, waybill

urlpatterns = [
    path("missions/", views.mission_list, name="missions"),
    path("missions/live/", views.mission_rows, name="missions_live"),
    path("missions/export.csv", views.mission_export, name="missions_export"),
    path("missions/<int:mission_id>/", waybill.mission_detail, name="mission"),
]
