"""Writes the dashboards. Needs Grafana's own SDK (extra `dev`); nothing that is deployed or synthesised imports this."""
