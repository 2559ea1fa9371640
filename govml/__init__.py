"""The command line of the blueprint and what it needs: settings, gate, local account, pipeline executor."""

__version__ = "0.1.0"
