"""Addresses of the page and its files."""

from django.urls import path

from . import views

urlpatterns = [
    path("analytics/", views.analytics_page, name="analytics"),
    path("analytics/<slug:mart>.<slug:form>", views.mart_file, name="analytics_file"),
]
