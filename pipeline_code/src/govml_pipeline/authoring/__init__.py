"""Authoring of pipeline definitions with the SageMaker SDK, offline. Never imported inside a job.

Importing this package is cheap: the SDK (4-5 s, 100 MB) is imported by the functions that need it.
"""
