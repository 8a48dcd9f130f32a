"""Grafana's dashboards, described in Python: a module a dashboard. `python -m observability.grafana` writes them."""
