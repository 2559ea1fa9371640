"""Telemetry: what becomes of the metrics and traces that stand in logs."""
