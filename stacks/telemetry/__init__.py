"""Where metrics and traces go, and the Grafana that shows them."""
