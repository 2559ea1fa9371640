"""SageMaker Runtime's API on loopback."""
