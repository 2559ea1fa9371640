"""What the platform tells about itself: the metrics there are, and where a request's traces lie."""
