"""From a delivered file to a curated table."""
