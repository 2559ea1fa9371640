"""Who reaches what in an environment: one answer for the stacks, the checks and the documents. Free of `aws_cdk`."""
