"""What rules ask of a value: that it is given, that a switch is on, that a key is the customer's own.

A value that only a deployment or a run knows counts as given: `${Key.Arn}`, a pipeline variable (`{"Get": ...}`), a
JSONata expression (`{% ... %}`). Rules speak of what a template shows to be wrong, not of what it leaves open.
"""

from __future__ import annotations

from collections.abc import Mapping

from govml.rules.values import false, has_token, true


def given(value: object) -> bool:
    """Return whether a property has a value at all."""
    return value is not None and value not in ("", [], {})


def later(value: object) -> bool:
    """Return whether a value is known only at deployment or at run time, or is made of such parts."""
    return isinstance(value, Mapping) or has_token(value) or (isinstance(value, str) and value.startswith("{%"))


def switched_on(value: object) -> bool:
    """Return whether a switch is on, or decided later."""
    return true(value) or later(value)


def switched_off(value: object) -> bool:
    """Return whether a switch is off, absent or decided later: for switches that are off by default."""
    return value is None or false(value) or later(value)


def own_key(value: object) -> bool:
    """Return whether a KMS key is named that the account manages itself, not one of AWS's own (`alias/aws/...`)."""
    return given(value) and "alias/aws/" not in str(value) and str(value).lower() != "aws_owned_kms_key"


def key_problem(value: object) -> str:
    """Say what is wrong with a key; empty when it is the account's own."""
    if own_key(value):
        return ""
    return f"is {value}, a key of AWS" if given(value) else "is not set"


def in_vpc(config: object) -> bool:
    """Return whether a VpcConfig names subnets and security groups."""
    if not isinstance(config, Mapping):
        return given(config)
    subnets = config.get("Subnets", config.get("SubnetIds"))
    return "Get" in config or (given(subnets) and given(config.get("SecurityGroupIds", config.get("SecurityGroups"))))
