"""Lambda functions: what all of them have in common."""
