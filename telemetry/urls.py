"""Pages of the lake."""

from django.urls import path

from telemetry import views

urlpatterns = [path("lake/", views.lake_page, name="lake")]
