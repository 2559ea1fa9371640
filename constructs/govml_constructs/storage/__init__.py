"""Buckets, lake zones and the catalogue over them."""
