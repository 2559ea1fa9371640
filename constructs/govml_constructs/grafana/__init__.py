"""Managed Grafana: the workspace, what its role may read, and the function that publishes the dashboards."""
