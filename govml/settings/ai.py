"""Governed access to foundation models: which models, and what the guardrail stops."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from govml.settings.base import SettingsModel

# What Bedrock's guardrails can find (CreateGuardrail, GuardrailPiiEntityType); a test compares this with botocore.
PiiType = Literal[
    "ADDRESS", "AGE", "AWS_ACCESS_KEY", "AWS_SECRET_KEY", "CA_HEALTH_NUMBER", "CA_SOCIAL_INSURANCE_NUMBER",
    "CREDIT_DEBIT_CARD_CVV", "CREDIT_DEBIT_CARD_EXPIRY", "CREDIT_DEBIT_CARD_NUMBER", "DRIVER_ID", "EMAIL",
    "INTERNATIONAL_BANK_ACCOUNT_NUMBER", "IP_ADDRESS", "LICENSE_PLATE", "MAC_ADDRESS", "NAME", "PASSWORD", "PHONE",
    "PIN", "SWIFT_CODE", "UK_NATIONAL_HEALTH_SERVICE_NUMBER", "UK_NATIONAL_INSURANCE_NUMBER",
    "UK_UNIQUE_TAXPAYER_REFERENCE_NUMBER", "URL", "USERNAME", "US_BANK_ACCOUNT_NUMBER", "US_BANK_ROUTING_NUMBER",
    "US_INDIVIDUAL_TAX_IDENTIFICATION_NUMBER", "US_PASSPORT_NUMBER", "US_SOCIAL_SECURITY_NUMBER",
    "VEHICLE_IDENTIFICATION_NUMBER",
]  # fmt: skip
Action = Literal["BLOCK", "ANONYMIZE"]

# Prefixes of cross-region inference profiles (Bedrock user guide, "Geographic cross-Region inference"): they process
# prompts in other countries, so a file that names one is refused instead of being routed abroad quietly.
CROSS_REGION_PREFIXES = frozenset(
    {"global", "apac", "ap", "us", "us-gov", "eu", "au", "jp", "ca", "sa", "me", "af", "il"}
)


def _one_model_in_region(model: str) -> str:
    if model.split(".", 1)[0] in CROSS_REGION_PREFIXES:
        raise PydanticCustomError(
            "model", "is a cross-region inference profile: it sends prompts out of the region; name the model itself"
        )
    return model


# CreateGuardrail and InvokeModel: provider, dot, model, optional version; no wildcard can match this pattern.
ModelId = Annotated[
    str,
    Field(pattern=r"^[a-z0-9-]{1,63}\.[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})*(:[a-z0-9-]{1,63}){0,2}$", max_length=140),
    AfterValidator(_one_model_in_region),
]


class PiiSettings(SettingsModel):
    """One kind of personal data that Bedrock recognises by itself."""

    type: PiiType
    """Kind of personal data, as Bedrock names it."""

    action: Action
    """BLOCK refuses the whole message, ANONYMIZE masks the value."""


class PatternSettings(SettingsModel):
    """One kind of sensitive data that Bedrock does not know, found by a regular expression."""

    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9 _-]{1,100}$")]
    """Name that stands in the masked text and in the logs."""

    description: Annotated[str, Field(min_length=1, max_length=1000)]
    """What the expression finds."""

    pattern: Annotated[str, Field(min_length=1, max_length=500)]
    """Regular expression, as Bedrock reads it (no look-around)."""

    action: Action
    """BLOCK refuses the whole message, ANONYMIZE masks the value."""


DEFAULT_PII = (
    PiiSettings(type="EMAIL", action="ANONYMIZE"),
    PiiSettings(type="PHONE", action="ANONYMIZE"),
    PiiSettings(type="CREDIT_DEBIT_CARD_NUMBER", action="BLOCK"),
    PiiSettings(type="PASSWORD", action="BLOCK"),
    PiiSettings(type="AWS_ACCESS_KEY", action="BLOCK"),
    PiiSettings(type="AWS_SECRET_KEY", action="BLOCK"),
)
# NRIC and FIN: S or T (citizens and permanent residents), F, G or M (foreigners), 7 digits, a check letter
# (Immigration & Checkpoints Authority; the M series since 2022).
DEFAULT_PATTERNS = (
    PatternSettings(
        name="NRIC",
        description="Singapore NRIC and FIN numbers",
        pattern=r"\b[STFGMstfgm]\d{7}[A-Za-z]\b",
        action="BLOCK",
    ),
)


class AiSettings(SettingsModel):
    """The AI service: needed when the switch ai_service is on."""

    models: Annotated[tuple[ModelId, ...], Field(min_length=1, strict=False)]
    """Foundation models that may be called, by model id; no wildcard, no cross-region inference profile."""

    blocked_message: Annotated[str, Field(min_length=1, max_length=500)] = (
        "This request or its answer was blocked by this agency's AI guardrail."
    )
    """What a caller reads when the guardrail blocks a prompt or an answer; at most 500 characters."""

    pii: Annotated[tuple[PiiSettings, ...], Field(strict=False)] = DEFAULT_PII
    """Personal data that the guardrail blocks or masks, in prompts and in answers."""

    patterns: Annotated[tuple[PatternSettings, ...], Field(strict=False, max_length=10)] = DEFAULT_PATTERNS
    """Further patterns that the guardrail blocks or masks; default: NRIC and FIN numbers. Bedrock takes at most 10."""

    prompt_attack_strength: Literal["MEDIUM", "HIGH"] = "HIGH"
    """How strictly the guardrail stops jailbreaks and prompt injection; it can be neither low nor off."""
