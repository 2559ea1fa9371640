"""Metrics of predictions against the truth, for every kind of use case, with 95 % intervals."""
