"""Dashboards as code: written in Python (`authoring`), kept as JSON (`dashboards`), put into Grafana (`publishing`)."""
