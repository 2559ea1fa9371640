"""The bootstrap kit: an execution policy computed from the templates, the bootstrap command, and a way without either."""
