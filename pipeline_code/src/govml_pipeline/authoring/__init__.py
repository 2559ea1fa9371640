"""Authoring of pipeline definitions with the SageMaker SDK, offline. Never imported inside a job.

Importing this package is cheap and comes before any import of the SDK (4-5 s): it sets what the SDK reads at import.
"""

import os

# The SDK makes clients at import, which need a region and would look for the instance metadata service.
os.environ.setdefault("AWS_DEFAULT_REGION", "ap-southeast-1")
os.environ.setdefault("AWS_EC2_METADATA_DISABLED", "true")
os.environ.setdefault("SAGEMAKER_VALIDATE_ROLE", "false")
