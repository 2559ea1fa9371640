"""What the CloudWatch page of each stack shows."""
