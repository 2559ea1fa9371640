"""From curated data to a registered model: the shared platform, and one stack for each use case."""
