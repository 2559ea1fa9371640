"""Deployment guardrails: how the traffic moves from the old fleet to the new one, and back."""
