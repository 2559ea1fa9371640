"""Deployment by plain CloudFormation, for accounts where `cdk bootstrap` is not allowed."""
