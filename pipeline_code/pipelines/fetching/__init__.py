"""Pipelines about a data source, authored with the SDK; `definition.json` is what gets deployed."""
