"""The rules themselves, a theme a module."""
