"""Address of the panel."""

from django.urls import path

from . import views

urlpatterns = [
    path("missions/<int:mission_id>/completeness/", views.completeness_panel, name="mission_completeness"),
]
