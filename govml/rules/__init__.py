"""Own rules over CloudFormation templates: what the nag packs do not know of machine learning, IAM and landing zones."""
