"""Application Auto Scaling on moto: what scales with its load, and how."""

from __future__ import annotations

from govml.local.emulator.cloudformation.spec import ApiType, Properties, Tier

_TARGET = ("ResourceId", "ScalableDimension", "ServiceNamespace")


def policy_request(properties: Properties) -> Properties:
    """A policy names its target by the target's id in CloudFormation, by its three parts in the API."""
    request = {name: value for name, value in properties.items() if name != "ScalingTargetId"}
    if "ScalingTargetId" in properties:
        request |= dict(zip(_TARGET, properties["ScalingTargetId"].split("|"), strict=True))
    return request


_TARGET_ID = "join('|', [request.ResourceId, request.ScalableDimension, request.ServiceNamespace])"
_TARGET_KEY = {name: f"request.{name}" for name in _TARGET}

SCALING: dict[str, ApiType] = {
    "AWS::ApplicationAutoScaling::ScalableTarget": ApiType(
        Tier.BACKED,
        "moto",
        "application-autoscaling",
        "register_scalable_target",
        "describe_scalable_targets",
        "deregister_scalable_target",
        key={
            "ServiceNamespace": "request.ServiceNamespace",
            "ResourceIds": "[request.ResourceId]",
            "ScalableDimension": "request.ScalableDimension",
        },
        delete_key=_TARGET_KEY,
        ref=_TARGET_ID,
        attributes={"Id": _TARGET_ID},
        update="register_scalable_target",
        dropped=("ScheduledActions",),
    ),
    "AWS::ApplicationAutoScaling::ScalingPolicy": ApiType(
        Tier.BACKED,
        "moto",
        "application-autoscaling",
        "put_scaling_policy",
        "describe_scaling_policies",
        "delete_scaling_policy",
        key={
            "PolicyNames": "[request.PolicyName]",
            "ServiceNamespace": "request.ServiceNamespace",
            "ResourceId": "request.ResourceId",
            "ScalableDimension": "request.ScalableDimension",
        },
        delete_key={"PolicyName": "request.PolicyName", **_TARGET_KEY},
        ref="response.PolicyARN",
        attributes={"Arn": "response.PolicyARN"},
        update="put_scaling_policy",
        request=policy_request,
        unreadable=("ScalingTargetId",),
    ),
}
