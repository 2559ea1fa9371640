"""Puts dashboards, folders and data sources into a Grafana by its HTTP API. Standard library and boto3 only: Lambda runs it."""
