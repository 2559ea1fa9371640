"""Command line: one module per command group, loaded only when called."""
