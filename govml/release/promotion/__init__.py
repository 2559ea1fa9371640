"""Promotion: a model goes to the next environment by its digest, without being built again."""
