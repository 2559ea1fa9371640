"""`ModelAccessPolicy`: who holds it may call the named foundation models, through the guardrail, and no others."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import aws_kms as kms
from constructs import Construct

from govml_constructs.identity.customer_policy import CustomerPolicy, Statement
from govml_constructs.identity.service_role import RoleRules
from govml_constructs.place import PlacedConstruct, place_of

# Prefixes of cross-region inference profiles (Bedrock user guide, "Geographic cross-Region inference").
_CROSS_REGION = frozenset({"global", "apac", "ap", "us", "us-gov", "eu", "au", "jp", "ca", "sa", "me", "af", "il"})
_INVOKE = ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"]


class ModelAccessPolicy(PlacedConstruct):
    """A managed policy for applications that call foundation models.

    Args:
        models: foundation model ids without wildcards; cross-region inference profiles are not models and stay denied.
        guardrail_arn: the guardrail that each call must name.
        guardrail_version: its version.
        guardrail_key: key of the guardrail; whoever applies the guardrail decrypts its settings.
        rules: path of the policy.

    Raises:
        ValueError: for a model id with a wildcard or of a cross-region profile.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        models: Sequence[str],
        guardrail_arn: str,
        guardrail_version: str,
        guardrail_key: kms.IKey,
        rules: RoleRules,
    ) -> None:
        super().__init__(scope, construct_id)
        for model in models:
            if "*" in model or model.split(".", maxsplit=1)[0] in _CROSS_REGION:
                raise ValueError(f"{self.node.path}: {model!r} is not the id of one model in this region")
        place = place_of(scope)
        arns = [place.arn("bedrock", f"foundation-model/{model}", account="") for model in models]
        guardrail = f"{guardrail_arn}:{guardrail_version}"
        self.policy = CustomerPolicy(
            self,
            "Policy",
            description="Call the approved foundation models through the guardrail",
            path=rules.path,
            statements=[
                Statement(
                    sid="CallApprovedModels",
                    actions=_INVOKE,
                    resources=arns,
                    conditions={"StringEquals": {"bedrock:GuardrailIdentifier": guardrail}},
                ),
                Statement(sid="ApplyGuardrail", actions=["bedrock:ApplyGuardrail"], resources=[guardrail_arn]),
                Statement(
                    sid="DecryptGuardrail",
                    actions=["kms:Decrypt"],
                    resources=[guardrail_key.key_arn],
                    conditions={"StringEquals": {"kms:ViaService": f"bedrock.{place.region}.amazonaws.com"}},
                ),
                # A deny outweighs whatever else the caller holds: no other model, no call past the guardrail.
                Statement(sid="DenyOtherModels", effect="Deny", actions=_INVOKE, not_resources=arns),
                Statement(
                    sid="DenyWithoutGuardrail",
                    effect="Deny",
                    actions=_INVOKE,
                    resources=arns,
                    conditions={"StringNotEquals": {"bedrock:GuardrailIdentifier": guardrail}},
                ),
            ],
        )
