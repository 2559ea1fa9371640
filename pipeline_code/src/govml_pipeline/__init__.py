"""Generic part of every use case: what runs inside processing jobs, training jobs and inference containers."""

__version__ = "0.1.0"
