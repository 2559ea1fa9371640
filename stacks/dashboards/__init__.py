"""One CloudWatch page for each stack, and one for the whole agency."""
