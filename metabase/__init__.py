"""Metabase over the marts: its administrator, its connection, its questions and its dashboard, made through its API."""
