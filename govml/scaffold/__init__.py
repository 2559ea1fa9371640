"""A new use case: everything that one needs, written from templates."""
