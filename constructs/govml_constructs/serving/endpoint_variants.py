"""The variants of an endpoint, as SageMaker's API writes them: CDK's typed properties cannot hold a conditional variant."""

from __future__ import annotations

from typing import Any

from govml_constructs.serving.endpoint_plan import CHALLENGER, LIVE, EndpointPlan
from govml_constructs.serving.release_parameters import ReleaseParameters

_NOTHING = {"Ref": "AWS::NoValue"}
_FULL = 100


def variants(plan: EndpointPlan, *, live: str, challenger: str | None, parameters: ReleaseParameters) -> dict[str, Any]:
    """Return `ProductionVariants`, and with a shadow `ShadowProductionVariants`.

    A shadow gets its share of the live variant's requests in copy, in the ratio of its weight to the live one's; an A/B
    challenger gets it instead: requests are split in the ratio of a weight to their sum (API reference,
    `ProductionVariant`), so the weights of an A/B test add up to 100. A template cannot subtract, so the live weight is
    looked up.

    Args:
        plan: the endpoint.
        live: name of the live model.
        challenger: name of the challenger's model; None where the endpoint takes none.
        parameters: the release.
    """
    first = _variant(plan, LIVE, live)
    if challenger is None or parameters.has_challenger is None:
        return {"ProductionVariants": [{**first, "InitialVariantWeight": 1}]}
    second = {**_variant(plan, CHALLENGER, challenger), "InitialVariantWeight": _share(plan, parameters)}
    only_with = {"Fn::If": ["HasChallenger", second, _NOTHING]}
    if plan.challenger == "ab":
        weight = {"Fn::If": ["HasChallenger", _rest(plan, parameters), _FULL]}
        return {"ProductionVariants": [{**first, "InitialVariantWeight": weight}, only_with]}
    return {
        "ProductionVariants": [{**first, "InitialVariantWeight": _FULL}],
        "ShadowProductionVariants": {"Fn::If": ["HasChallenger", [second], _NOTHING]},
    }


def _variant(plan: EndpointPlan, name: str, model: str) -> dict[str, Any]:
    if plan.kind == "serverless":
        sizes = {"MemorySizeInMB": plan.memory_mb, "MaxConcurrency": plan.concurrency}
        return {"VariantName": name, "ModelName": model, "ServerlessConfig": sizes}
    return {
        "VariantName": name,
        "ModelName": model,
        "InstanceType": plan.instance_type,
        "InitialInstanceCount": plan.first_instances,
    }


def _share(plan: EndpointPlan, parameters: ReleaseParameters) -> dict[str, Any]:
    return {"Fn::If": ["HasWeight", parameters.weight, plan.challenger_percent]}


def _rest(plan: EndpointPlan, parameters: ReleaseParameters) -> dict[str, Any]:
    """Return 100 less the challenger's share, from a list in which the rest of every share stands at its own place."""
    chosen = {"Fn::Select": [parameters.weight, [str(_FULL - share) for share in range(_FULL + 1)]]}
    return {"Fn::If": ["HasWeight", chosen, _FULL - plan.challenger_percent]}
