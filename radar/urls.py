"""The radar page."""

from django.urls import path

from radar import views

urlpatterns = [path("", views.radar_page, name="radar")]
