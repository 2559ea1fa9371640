"""Foundation models: the governed way to them, and the store of embeddings."""
