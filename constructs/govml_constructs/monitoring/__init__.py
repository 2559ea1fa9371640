"""Logs, alarms, alerts and dashboards."""
