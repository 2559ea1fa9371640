"""The synthetic canary: asks each endpoint, every few minutes, what the released model is known to answer."""
