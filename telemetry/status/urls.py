"""Addresses of the page, of its inner part, and of the site's metrics, which tell of every part."""

from django.urls import path

from . import views

urlpatterns = [
    path("status/", views.status_page, name="status"),
    path("status/now/", views.status_now, name="status_now"),
    path("metrics", views.metrics, name="metrics"),
]
