"""Stores of embeddings: three kinds behind one interface."""
