"""The local account."""
