"""Sketches: what a column of any length looks like, in bounded memory; the same data give the same bytes, however it is cut up."""
