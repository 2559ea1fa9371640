"""The checks, one a file; `registry.py` lists them."""
