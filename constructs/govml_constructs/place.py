"""`Place`: the partition, region and account of a construct, and ARNs in them, asked of CDK once a stack."""

from __future__ import annotations

from dataclasses import dataclass

from aws_cdk import Stack
from constructs import IConstruct

_KNOWN = "_govml_place"


@dataclass(frozen=True)
class Place:
    """Where a stack is deployed.

    Args:
        partition: `aws`, or its like.
        region: region name.
        account: 12-digit account.
    """

    partition: str
    region: str
    account: str

    def arn(self, service: str, resource: str, *, region: str | None = None, account: str | None = None) -> str:
        """Return an ARN, as in `arn("sagemaker", "pipeline/sandbox-dev-hdb-resale")`.

        Args:
            service: service namespace.
            resource: everything after the account.
            region: another region than the stack's; empty for global resources.
            account: another account than the stack's; empty for resources without one.
        """
        where = self.region if region is None else region
        who = self.account if account is None else account
        return f"arn:{self.partition}:{service}:{where}:{who}:{resource}"


def keep_place(stack: Stack, *, region: str, account: str) -> Place:
    """Note on a stack where it is deployed, when that is known anyway, and return it."""
    place = Place(partition=stack.partition, region=region, account=account)
    setattr(stack, _KNOWN, place)
    return place


def inherit_place(child: IConstruct, scope: IConstruct) -> Place:
    """Note on a construct the place of its scope, so that its own children need not ask CDK, and return it."""
    place = place_of(scope)
    setattr(child, _KNOWN, place)
    return place


def place_of(scope: IConstruct) -> Place:
    """Return where a construct is deployed.

    Each question to CDK crosses a process border, so the answer is kept on the Python object.
    """
    known = getattr(scope, _KNOWN, None)
    if isinstance(known, Place):
        return known
    stack = Stack.of(scope)
    place = getattr(stack, _KNOWN, None)
    if not isinstance(place, Place):
        place = Place(partition=stack.partition, region=stack.region, account=stack.account)
        setattr(stack, _KNOWN, place)
    setattr(scope, _KNOWN, place)
    return place
