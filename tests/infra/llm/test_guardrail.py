"""`Guardrail`: harm, prompt attacks and personal data are stopped, and callers are pinned to a version."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from bench import Stand


@pytest.fixture
def guardrail(bench: Mapping[str, Stand]) -> dict[str, Any]:
    return bench["Guardrail"].one("AWS::Bedrock::Guardrail").properties


@pytest.mark.parametrize("kind", ["HATE", "INSULTS", "SEXUAL", "VIOLENCE", "MISCONDUCT"])
def test_harm_is_filtered_both_ways(guardrail: dict[str, Any], kind: str) -> None:
    filters = {each["Type"]: each for each in guardrail["ContentPolicyConfig"]["FiltersConfig"]}
    assert (filters[kind]["InputStrength"], filters[kind]["OutputStrength"]) == ("HIGH", "HIGH")


def test_prompt_attacks_are_filtered_in_the_input(guardrail: dict[str, Any]) -> None:
    filters = {each["Type"]: each for each in guardrail["ContentPolicyConfig"]["FiltersConfig"]}
    assert (filters["PROMPT_ATTACK"]["InputStrength"], filters["PROMPT_ATTACK"]["OutputStrength"]) == ("HIGH", "NONE")


def test_personal_data_is_blocked_or_masked_as_told(guardrail: dict[str, Any]) -> None:
    entities = guardrail["SensitiveInformationPolicyConfig"]["PiiEntitiesConfig"]
    assert {each["Type"]: each["Action"] for each in entities} == {"EMAIL": "ANONYMIZE", "PASSWORD": "BLOCK"}


def test_own_patterns_are_blocked_as_told(guardrail: dict[str, Any]) -> None:
    (pattern,) = guardrail["SensitiveInformationPolicyConfig"]["RegexesConfig"]
    assert pattern == {"Name": "NRIC", "Pattern": r"[STFGM]\d{7}[A-Z]", "Action": "BLOCK"}


def test_the_caller_reads_the_given_message(guardrail: dict[str, Any]) -> None:
    assert guardrail["BlockedInputMessaging"] == guardrail["BlockedOutputsMessaging"] == "Blocked."


def test_its_settings_are_encrypted_with_the_given_key(bench: Mapping[str, Stand], guardrail: dict[str, Any]) -> None:
    assert guardrail["KmsKeyArn"] == bench["DataKey"].one("AWS::KMS::Key").arn


def test_there_is_a_version_to_be_pinned_to(bench: Mapping[str, Stand]) -> None:
    version = bench["Guardrail"].one("AWS::Bedrock::GuardrailVersion").properties
    assert version["GuardrailIdentifier"].startswith(bench["Guardrail"].one("AWS::Bedrock::Guardrail").name)
