"""Compares what the plan needs with what an account has, before anything is deployed into it."""
