"""Pages of the registry."""

from django.urls import path

from missions import views

urlpatterns = [
    path("missions/", views.mission_list, name="missions"),
    path("missions/<int:mission_id>/", views.mission_detail, name="mission"),
]
