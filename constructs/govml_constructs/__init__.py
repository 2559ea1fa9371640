"""Reusable L3 constructs, one a file. They take plain typed values, never the agency file."""
