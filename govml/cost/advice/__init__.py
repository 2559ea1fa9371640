"""Right-sizing: what endpoints and jobs really used, and which instances would do."""
