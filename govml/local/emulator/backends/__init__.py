"""What answers API calls that MiniStack does not know: moto, small gaps filled in moto, and the recorded-only store."""
