"""Pipelines, jobs, registry, tracking and Studio."""
