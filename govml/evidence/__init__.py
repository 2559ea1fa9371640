"""Evidence for a security reviewer: every rule over every resource, with its outcome, in formats that tools read."""
