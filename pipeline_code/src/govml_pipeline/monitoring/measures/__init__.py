"""Measures of drift: one number each, taken from two profiles or from two samples of rows."""
