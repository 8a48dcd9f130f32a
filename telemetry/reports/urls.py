"""Address of a mission's reports."""

from django.urls import path

from . import views

urlpatterns = [path("missions/<int:mission_id>/reports/", views.reports_page, name="mission_reports")]
