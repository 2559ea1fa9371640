"""Metrics of predictions against the truth."""
