"""Keys of the data domains."""
