"""Alerts as Alertmanager tells them: taken in, kept for a while, and shown on the status page."""
