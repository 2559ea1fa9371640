"""Guardrails: filters, personal data, versions, and that they are in use."""

from __future__ import annotations

from example import REMOVED, Example, change
from foundation_pieces import (
    _AGENT,
    _ASK_NODE,
    _ASK_STATE,
    _GUARDRAIL,
    CLAUDE,
    FLOW,
    GUARDRAIL,
    _function,
)
from ml_requests import machine

_FILTERS = f"{_GUARDRAIL}.ContentPolicyConfig.FiltersConfig"
_PII = f"{_GUARDRAIL}.SensitiveInformationPolicyConfig"

EXAMPLES = {
    "GovML-GuardrailFilters": Example(
        GUARDRAIL,
        [
            change(GUARDRAIL, f"{_GUARDRAIL}.ContentPolicyConfig", REMOVED),
            change(GUARDRAIL, f"{_FILTERS}.0", REMOVED),
            change(GUARDRAIL, f"{_FILTERS}.0.InputStrength", "NONE"),
            change(GUARDRAIL, f"{_FILTERS}.0.InputStrength", "LOW"),
            change(GUARDRAIL, f"{_FILTERS}.1.InputStrength", "NONE"),
            change(GUARDRAIL, f"{_FILTERS}.1.OutputStrength", "NONE"),
            change(GUARDRAIL, f"{_FILTERS}.1.InputAction", "NONE"),
            change(GUARDRAIL, f"{_FILTERS}.1.OutputEnabled", False),
            change(GUARDRAIL, f"{_GUARDRAIL}.TopicPolicyConfig.TopicsConfig.0.InputAction", "NONE"),
            change(GUARDRAIL, f"{_GUARDRAIL}.ContextualGroundingPolicyConfig.FiltersConfig.0.Threshold", 0),
        ],
    ),
    "GovML-GuardrailPersonalData": Example(
        GUARDRAIL,
        [
            change(GUARDRAIL, _PII, REMOVED),
            change(GUARDRAIL, f"{_PII}.PiiEntitiesConfig.0.Action", "NONE"),
            change(GUARDRAIL, f"{_PII}.RegexesConfig.0.InputEnabled", "false"),
        ],
    ),
    "GovML-GuardrailVersion": Example(
        {**FLOW, **machine()},
        [
            change(FLOW, f"{_ASK_NODE}.GuardrailConfiguration.GuardrailVersion", "DRAFT"),
            change(_AGENT, "Agent.Properties.GuardrailConfiguration.GuardrailVersion", "DRAFT"),
            machine(f"{_ASK_STATE}.GuardrailVersion", "DRAFT"),
            machine(f"{_ASK_STATE}.GuardrailVersion", "DRAFT", "object"),
            _function("GUARDRAIL_VERSION", "DRAFT"),
            {
                "Enforced": {
                    "Type": "AWS::Bedrock::EnforcedGuardrailConfiguration",
                    "Properties": {"GuardrailIdentifier": "abc", "GuardrailVersion": "DRAFT"},
                }
            },
        ],
    ),
    "GovML-GuardrailInUse": Example(
        {**FLOW, **machine()},
        [
            change(FLOW, f"{_ASK_NODE}.GuardrailConfiguration", REMOVED),
            change(FLOW, "Flow.Properties.Definition.Nodes.2.Configuration.KnowledgeBase.ModelId", CLAUDE),
            change(_AGENT, "Agent.Properties.GuardrailConfiguration", REMOVED),
            change(_AGENT, "Agent.Properties.GuardrailConfiguration", {}),
            machine(f"{_ASK_STATE}.GuardrailIdentifier", REMOVED),
            machine(f"{_ASK_STATE}.GuardrailIdentifier", REMOVED, "object"),
            machine(
                "States.Both.Branches.1.States.Ask",
                {
                    "Type": "Task",
                    "Resource": "arn:aws:states:::aws-sdk:bedrockruntime:converse",
                    "Arguments": {"ModelId": CLAUDE},
                    "End": True,
                },
            ),
        ],
    ),
}
