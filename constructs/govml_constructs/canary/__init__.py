"""The synthetic canary: looks at the endpoints from inside the VPC, as their callers do."""
