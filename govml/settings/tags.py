"""The tags that an agency adds to its resources, and those that it may not."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

OWN_TAGS = ("Project-Code", "Environment", "Agency", "Data-Classification")
"""Tags that the stacks write themselves, from keys of the agency file."""

RESERVED_PREFIXES: Mapping[str, str] = MappingProxyType(
    {
        "aws:": "AWS keeps this prefix for itself and refuses the tag",
        "aws-cdk:": "CDK's own functions act on tags with this prefix",
        "gcc:": "the Government on Commercial Cloud keeps this prefix for its own tags",
        "govml": "roles are told apart by tags with this prefix: it would open one use case's data to another",
    }
)
"""Prefix, in lower case -> why an agency may not use it."""

MOST_TAGS = 30
"""Extra tags: AWS takes 50 on a resource, and the landing zone and the services add theirs."""

# What every service takes in a key (AWS General Reference, "Tag naming limits and requirements"), without the letters
# beyond ASCII that some services refuse; AWS::ECR::Repository takes 127 of its 128 characters (its CloudFormation schema).
_KEY = re.compile(r"[A-Za-z0-9_.:/=+@ -]{1,127}", re.ASCII)


def refusal(key: str) -> str:
    """Return why a tag key may not stand under `tags`, or an empty string.

    IAM compares keys without regard to case (IAM user guide, "Rules for tagging in IAM"), so this does too.
    """
    if not _KEY.fullmatch(key) or key != key.strip():
        return "is not a tag key: 1 to 127 letters, digits, spaces and _.:/=+-@, without a space at either end"
    lower = key.lower()
    for prefix, reason in RESERVED_PREFIXES.items():
        if lower.startswith(prefix):
            return f"is reserved: {reason}"
    if lower in {own.lower() for own in OWN_TAGS}:
        return "is written by the stacks themselves, from this file's own keys"
    if lower == "name":
        return "would give every resource the same name"
    return ""
