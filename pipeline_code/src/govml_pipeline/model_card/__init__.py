"""What reviewers read: the model card, the report page and the evidence for AI Verify."""
