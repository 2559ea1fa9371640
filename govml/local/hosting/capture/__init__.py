"""Data capture: requests and answers as SageMaker writes them."""
