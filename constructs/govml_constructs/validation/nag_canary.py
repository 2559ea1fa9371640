"""Where the positive control of the nag packs stands, and which rule of each pack it breaks.

Free of `aws_cdk`: the gate reads it too.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

CANARY_STACK = "NagCanary"
CANARY_TOPIC = "Topic"
CANARY_PATH = f"{CANARY_STACK}/{CANARY_TOPIC}"

CANARY_RULES: Mapping[str, str] = MappingProxyType(
    {"AwsSolutions": "AwsSolutions-SNS3", "NIST.800.53.R5": "NIST.800.53.R5-SNSEncryptedKMS"}
)
"""Pack name -> the rule that a topic without any property breaks; every pack named here must be in the report."""
