"""`ModelAccessPolicy`: the approved models, through the guardrail, and nothing else, whatever else a caller holds."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from aws_cdk import aws_kms as kms
from bench import MODELS, RULES, BenchStack, Stand
from cfn_templates import ACCOUNT, REGION
from iam_simulator import Request, decide

from govml.settings.ai import CROSS_REGION_PREFIXES
from govml_constructs.ai.model_access import ModelAccessPolicy

EVERYTHING = {"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}
INVOKE = ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"]
APPROVED = f"arn:aws:bedrock:{REGION}::foundation-model/{MODELS[0]}"
OTHER = f"arn:aws:bedrock:{REGION}::foundation-model/amazon.titan-text-v1:0"
PROFILE = f"arn:aws:bedrock:{REGION}:{ACCOUNT}:inference-profile/apac.{MODELS[0]}"


@pytest.fixture
def guarded(bench: Mapping[str, Stand]) -> dict[str, str]:
    """Return the context of a call through the pinned version of the guardrail."""
    guardrail = bench["Guardrail"].one("AWS::Bedrock::Guardrail")
    version = bench["Guardrail"].one("AWS::Bedrock::GuardrailVersion")
    return {"bedrock:GuardrailIdentifier": f"{guardrail.arn}:{version.name}.Version"}


def call(bench: Mapping[str, Stand], action: str, model: str, context: Mapping[str, str], admin: bool = False) -> str:
    policies = [bench["ModelAccess"].policy(), *([EVERYTHING] if admin else [])]
    return decide(policies, Request(action, model, context))


@pytest.mark.parametrize("action", INVOKE)
def test_an_approved_model_through_the_guardrail_is_allowed(
    bench: Mapping[str, Stand], guarded: dict[str, str], action: str
) -> None:
    for model in MODELS:
        assert call(bench, action, f"arn:aws:bedrock:{REGION}::foundation-model/{model}", guarded) == "allowed"


@pytest.mark.parametrize("action", INVOKE)
@pytest.mark.parametrize("admin", [False, True])
def test_an_approved_model_without_the_guardrail_is_denied(
    bench: Mapping[str, Stand], action: str, admin: bool
) -> None:
    assert call(bench, action, APPROVED, {}, admin=admin) == "denied"


@pytest.mark.parametrize("admin", [False, True])
def test_another_guardrail_or_version_is_denied(
    bench: Mapping[str, Stand], guarded: dict[str, str], admin: bool
) -> None:
    identifier = guarded["bedrock:GuardrailIdentifier"]
    for other in (identifier + "0", identifier.rsplit(":", 1)[0], f"{identifier.rsplit(':', 1)[0]}:DRAFT"):
        assert call(bench, INVOKE[0], APPROVED, {"bedrock:GuardrailIdentifier": other}, admin=admin) == "denied"


@pytest.mark.parametrize("action", INVOKE)
@pytest.mark.parametrize("model", [OTHER, PROFILE])
@pytest.mark.parametrize("admin", [False, True])
def test_any_other_model_or_profile_is_denied(
    bench: Mapping[str, Stand], guarded: dict[str, str], action: str, model: str, admin: bool
) -> None:
    assert call(bench, action, model, guarded, admin=admin) == "denied"


def test_the_guardrail_can_be_applied_and_not_changed(bench: Mapping[str, Stand]) -> None:
    guardrail = bench["Guardrail"].one("AWS::Bedrock::Guardrail").arn
    assert call(bench, "bedrock:ApplyGuardrail", guardrail, {}) == "allowed"
    assert call(bench, "bedrock:UpdateGuardrail", guardrail, {}) == "not allowed"


def test_its_key_decrypts_through_bedrock_only(bench: Mapping[str, Stand]) -> None:
    key = bench["DataKey"].one("AWS::KMS::Key").arn
    for service, decision in (("bedrock", "allowed"), ("s3", "not allowed")):
        assert call(bench, "kms:Decrypt", key, {"kms:ViaService": f"{service}.{REGION}.amazonaws.com"}) == decision
    assert call(bench, "kms:Decrypt", key, {}) == "not allowed"


@pytest.mark.parametrize("model", ["*", "amazon.*", *(f"{each}.{MODELS[0]}" for each in sorted(CROSS_REGION_PREFIXES))])
def test_wildcards_and_cross_region_profiles_are_refused(scratch: BenchStack, model: str) -> None:
    with pytest.raises(ValueError, match=r"Bench/Access.*not the id of one model"):
        ModelAccessPolicy(
            scratch,
            "Access",
            models=[MODELS[0], model],
            guardrail_arn="arn",
            guardrail_version="1",
            guardrail_key=kms.Key(scratch, "Key"),
            rules=RULES,
        )
