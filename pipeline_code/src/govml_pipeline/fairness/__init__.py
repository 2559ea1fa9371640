"""Fairness: how the model treats the groups that a use case declares."""
