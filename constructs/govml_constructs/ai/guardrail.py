"""`Guardrail`: the Bedrock guardrail that every model call must pass through."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from aws_cdk import aws_bedrock as bedrock
from aws_cdk import aws_kms as kms
from constructs import Construct

from govml_constructs.place import PlacedConstruct

_HARM = ("HATE", "INSULTS", "SEXUAL", "VIOLENCE", "MISCONDUCT")


@dataclass(frozen=True)
class GuardrailRules:
    """What the guardrail stops.

    Args:
        blocked_message: what the caller reads when something is stopped, at most 500 characters.
        harm_strength: strength of the filters for harmful content, LOW, MEDIUM or HIGH.
        prompt_attack_strength: strength of the filter for jailbreaks and injected prompts.
        personal_data: Bedrock's name of a kind of personal data -> BLOCK or ANONYMIZE.
        patterns: name of an own pattern -> (regular expression, BLOCK or ANONYMIZE).
    """

    blocked_message: str
    harm_strength: str = "HIGH"
    prompt_attack_strength: str = "HIGH"
    personal_data: Mapping[str, str] = field(default_factory=dict)
    patterns: Mapping[str, tuple[str, str]] = field(default_factory=dict)


class Guardrail(PlacedConstruct):
    """A guardrail under a customer-managed key, and a version of it that callers are pinned to.

    Args:
        name: physical name.
        key: key of the guardrail's settings.
        rules: what it stops.
    """

    def __init__(self, scope: Construct, construct_id: str, *, name: str, key: kms.IKey, rules: GuardrailRules) -> None:
        super().__init__(scope, construct_id)
        self.resource = bedrock.CfnGuardrail(
            self,
            "Guardrail",
            name=name,
            description="Every model call of this environment passes through this guardrail",
            blocked_input_messaging=rules.blocked_message,
            blocked_outputs_messaging=rules.blocked_message,
            kms_key_arn=key.key_arn,
            content_policy_config=bedrock.CfnGuardrail.ContentPolicyConfigProperty(filters_config=_filters(rules)),
            sensitive_information_policy_config=bedrock.CfnGuardrail.SensitiveInformationPolicyConfigProperty(
                pii_entities_config=_personal_data(rules.personal_data),
                regexes_config=_patterns(rules.patterns),
            ),
        )
        self.version = bedrock.CfnGuardrailVersion(
            self, "Version", guardrail_identifier=self.resource.attr_guardrail_id, description="Pinned by callers"
        )
        self.guardrail_id = self.resource.attr_guardrail_id
        self.arn = self.resource.attr_guardrail_arn


def _filters(rules: GuardrailRules) -> Sequence[bedrock.CfnGuardrail.ContentFilterConfigProperty]:
    prop = bedrock.CfnGuardrail.ContentFilterConfigProperty
    harm = [prop(type=kind, input_strength=rules.harm_strength, output_strength=rules.harm_strength) for kind in _HARM]
    # an attack is a property of the input; Bedrock wants NONE for the output
    return [*harm, prop(type="PROMPT_ATTACK", input_strength=rules.prompt_attack_strength, output_strength="NONE")]


def _personal_data(actions: Mapping[str, str]) -> Sequence[bedrock.CfnGuardrail.PiiEntityConfigProperty]:
    return [bedrock.CfnGuardrail.PiiEntityConfigProperty(type=kind, action=action) for kind, action in actions.items()]


def _patterns(patterns: Mapping[str, tuple[str, str]]) -> Sequence[bedrock.CfnGuardrail.RegexConfigProperty]:
    return [
        bedrock.CfnGuardrail.RegexConfigProperty(name=name, pattern=expression, action=action)
        for name, (expression, action) in patterns.items()
    ]
