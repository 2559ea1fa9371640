"""Data source of the use case service_requests."""
