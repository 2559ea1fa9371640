"""VPC, endpoints and security groups."""
