"""The gate: judges a synthesised assembly by CDK's validation report, and trusts nothing that is merely absent."""
