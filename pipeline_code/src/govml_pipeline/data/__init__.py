"""Data on its way in: contracts, reading, validation, splitting, and loaders."""
