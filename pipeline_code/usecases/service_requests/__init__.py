"""Use case service_requests."""
