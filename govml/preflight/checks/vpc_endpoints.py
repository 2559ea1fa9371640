"""Interface endpoints: room in the quota, those that are imported exist, and no two have the same private names."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from govml.preflight.check import Check, Result, Source, unanswered
from govml.preflight.deployed import deployed_stacks, stacks_and
from govml.preflight.plan import Plan
from govml.preflight.question import Question, ask

ENDPOINTS = ask("ec2", "describe-vpc-endpoints")
QUOTAS = ask("service-quotas", "list-service-quotas", ServiceCode="vpc")
_QUOTA = "Interface VPC endpoints per VPC"
_DEFAULT = 50  # VPC user guide, "AWS PrivateLink quotas"


def questions(plan: Plan) -> list[Question]:
    """Ask only when endpoints are made or imported."""
    return stacks_and(ENDPOINTS, QUOTAS) if plan.resources("AWS::EC2::VPCEndpoint") or _imported(plan) else []


def judge(plan: Plan, source: Source) -> Iterator[Result]:
    """Judge the quota, and, in a VPC that exists already, what is there."""
    planned = [_properties(each) for each in plan.resources("AWS::EC2::VPCEndpoint")]
    if not planned and not _imported(plan):
        return
    vpc = plan.setting("network_import", "vpc_id")
    answer = source.answer(ENDPOINTS)
    if vpc and answer.error:
        yield unanswered("interface endpoints", ENDPOINTS, answer)
        return
    there = deployed_stacks(plan, source) or frozenset()
    new = [_properties(each) for each in plan.resources("AWS::EC2::VPCEndpoint", without=there)]
    present = [row for row in answer.rows("VpcEndpoints") if vpc and row.get("VpcId") == vpc]
    yield _room(source, len(planned) if not vpc else len(present) + len(new))
    if vpc:
        yield from _clashes(new, present, vpc)
        yield from _missing(plan, answer.rows("VpcEndpoints"))


def _properties(resource: dict[str, Any]) -> dict[str, Any]:
    properties: dict[str, Any] = resource.get("Properties", {})
    return properties


def _room(source: Source, needed: int) -> Result:
    answer = source.answer(QUOTAS)
    rows = [row for row in answer.rows("Quotas") if row.get("QuotaName") == _QUOTA]
    if answer.error or not rows:
        if needed > _DEFAULT:
            return unanswered(_QUOTA, QUOTAS, answer)
        return Result("pass", _QUOTA, f"{needed} in the VPC; AWS's default quota is {_DEFAULT}")
    quota = int(rows[0]["Value"])
    detail = f"{needed} in the VPC, quota {quota}"
    if needed <= quota:
        return Result("pass", _QUOTA, detail)
    return Result("fail", _QUOTA, detail, f'ask for more: Service Quotas, Amazon VPC, "{_QUOTA}"')


def _clashes(new: list[dict[str, Any]], present: list[dict[str, Any]], vpc: str) -> Iterator[Result]:
    """AWS refuses a second endpoint with private names for the same service in one VPC (PrivateLink guide, "Private DNS")."""
    named = {row.get("ServiceName"): row.get("VpcEndpointId") for row in present if row.get("PrivateDnsEnabled")}
    for properties in new:
        service = properties.get("ServiceName")
        if properties.get("PrivateDnsEnabled") and service in named:
            yield Result(
                "fail",
                str(service),
                f"{vpc} has {named[service]} with private names already",
                "give its id under network_import.endpoints, so that it is used",
            )


def _missing(plan: Plan, rows: list[dict[str, Any]]) -> Iterator[Result]:
    states = {row.get("VpcEndpointId"): row.get("State") for row in rows}
    for service, endpoint in _imported(plan).items():
        state = states.get(endpoint)
        if state is None:
            yield Result("fail", f"{service}: {endpoint}", "does not exist", "correct network_import.endpoints")
        elif str(state).lower() != "available":
            yield Result("fail", f"{service}: {endpoint}", f"is {state}", "have its owner accept or mend it")
        else:
            yield Result("pass", f"{service}: {endpoint}", "is available")


def _imported(plan: Plan) -> dict[str, str]:
    return dict(plan.setting("network_import", "endpoints") or {})


CHECK = Check("vpc-endpoints", questions, judge)
