"""CloudFormation resource types: which exist here, how each is provisioned, and which of its properties get lost."""
