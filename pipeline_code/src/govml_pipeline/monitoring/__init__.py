"""Monitoring of a deployed model: what its data, predictions and contributions looked like, and how that has changed."""
