"""`Place`: the region and account of a construct, asked of CDK once a stack, and ARNs that no template ties to them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from aws_cdk import Aws, Stack
from constructs import Construct, IConstruct

_KNOWN = "_govml_place"


@dataclass(frozen=True)
class Place:
    """Where a stack is deployed.

    Args:
        region: region name.
        account: 12-digit account.
    """

    region: str
    account: str

    def arn(self, service: str, resource: str, *, region: str | None = None, account: str | None = None) -> str:
        """Return an ARN, as in `arn("sagemaker", "pipeline/sandbox-dev-hdb-resale")`.

        Partition, region and account are pseudo parameters, so that a template reaches into no other place than its own.

        Args:
            service: service namespace.
            resource: everything after the account.
            region: another region than the stack's; empty for global resources.
            account: another account than the stack's; empty for resources without one.
        """
        partition, own_region, own_account = pseudo_parameters()
        where = own_region if region is None else region
        who = own_account if account is None else account
        return f"arn:{partition}:{service}:{where}:{who}:{resource}"


@cache
def pseudo_parameters() -> tuple[str, str, str]:
    """Return `AWS::Partition`, `AWS::Region` and `AWS::AccountId` as tokens; each question to CDK costs a call."""
    return Aws.PARTITION, Aws.REGION, Aws.ACCOUNT_ID


def keep_place(stack: Stack, *, region: str, account: str) -> Place:
    """Note on a stack where it is deployed, when that is known anyway, and return it."""
    place = Place(region=region, account=account)
    setattr(stack, _KNOWN, place)
    return place


class PlacedConstruct(Construct):
    """A construct that knows its place from its scope, so that neither it nor its children need to ask CDK."""

    def __init__(self, scope: Construct, construct_id: str) -> None:
        super().__init__(scope, construct_id)
        known = getattr(scope, _KNOWN, None)
        if isinstance(known, Place):
            setattr(self, _KNOWN, known)


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
        place = Place(region=stack.region, account=stack.account)
        setattr(stack, _KNOWN, place)
    setattr(scope, _KNOWN, place)
    return place
