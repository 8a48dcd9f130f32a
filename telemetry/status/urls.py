"""Addresses of the page and of its inner part."""

from django.urls import path

from . import views

urlpatterns = [
    path("status/", views.status_page, name="status"),
    path("status/now/", views.status_now, name="status_now"),
]
