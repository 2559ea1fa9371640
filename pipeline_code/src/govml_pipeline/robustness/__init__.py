"""Robustness: what becomes of the answers when the inputs are a little off, or badly so."""
