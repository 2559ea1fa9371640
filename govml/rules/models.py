"""Ids and ARNs of foundation models: which ones leave the region, and which ones no guardrail is for."""

from __future__ import annotations

import re

# Prefixes of cross-region inference profiles (Bedrock user guide, "Supported Regions and models for inference profiles").
_PROFILE = re.compile(
    r"(?:^|[/\"'\s])(?P<geography>global|apac|ap|us|us-gov|eu|au|jp|ca|sa|me|mea|af|il|in|kr)\."
    r"(?:anthropic|amazon|meta|cohere|mistral|deepseek|ai21|stability|writer|openai|qwen|twelvelabs|luma|moonshot|minimax|nvidia|zai|google)\."
)
_ARN = re.compile(r"arn:[^:\s\"]*:bedrock:(?P<region>[^:]*):[^:]*:(?P<kind>[a-z-]+)/(?P<id>[^\"\s]*)")
_NO_GUARDRAIL = ("embed", "rerank")
"""Parts of the ids of models that return numbers: there is no text for a guardrail to judge."""
_KINDS = frozenset(
    {
        "foundation-model",
        "inference-profile",
        "application-inference-profile",
        "provisioned-model",
        "custom-model",
        "custom-model-deployment",
        "imported-model",
        "prompt-router",
        "default-prompt-router",
        "marketplace",
    }
)


def _plain(text: str) -> str:
    """Take the colons out of placeholders such as `${AWS::Region}`, so that an ARN's parts can be told apart."""
    return text.replace("${AWS::", "${AWS.")


def leaves_region(text: str, regions: tuple[str, ...]) -> str:
    """Say how a model's id or ARN leaves the allowed regions; empty when it does not, or when only a deployment knows."""
    text = _plain(text)
    profile = _PROFILE.search(text)
    if profile:
        return f"the inference profile {profile['geography']}.* sends requests to other regions"
    match = _ARN.search(text)
    if match and match["kind"] in _KINDS:
        region = match["region"]
        if match["kind"] == "foundation-model" and region in {"", "*"}:
            return f"it names the model in {'every' if region else 'no'} region"
        if region and region != "*" and "$" not in region and region not in regions:
            return f"the model is in {region}"
    return ""


def is_open(resource: str) -> bool:
    """Return whether an IAM resource covers models that nobody named: `*`, or a wildcard in the model's id."""
    match = _ARN.fullmatch(_plain(resource))
    if match is None:
        return resource == "*" or (resource.startswith("arn:") and ":bedrock:" in resource and "*" in resource)
    return match["kind"] in _KINDS and ("*" in match["id"] or "?" in match["id"])


def takes_guardrail(resource: str) -> bool:
    """Return whether an IAM resource or a model's id is one whose answers a guardrail can judge."""
    if ":guardrail/" in resource or ":knowledge-base/" in resource or ":async-invoke/" in resource:
        return False
    return not any(part in resource.lower() for part in _NO_GUARDRAIL)
