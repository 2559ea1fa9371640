"""Roles, customer-managed policies, and the statements that they share."""
