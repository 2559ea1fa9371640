"""Imported subnets exist where the agency file says, with addresses left for what is made in them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from govml.preflight.check import Check, Result, Source, unanswered
from govml.preflight.deployed import deployed_stacks, stacks_and
from govml.preflight.plan import Plan
from govml.preflight.question import Question, ask

SUBNETS = ask("ec2", "describe-subnets")


def questions(plan: Plan) -> list[Question]:
    """Ask only when subnets are imported."""
    return stacks_and(SUBNETS) if _imported(plan) else []


def judge(plan: Plan, source: Source) -> Iterator[Result]:
    """Compare each imported subnet with the account's."""
    imported = _imported(plan)
    if not imported:
        return
    answer = source.answer(SUBNETS)
    if answer.error:
        yield unanswered("imported subnets", SUBNETS, answer)
        return
    needed = _addresses(plan, deployed_stacks(plan, source) or frozenset())
    held = {row.get("SubnetId"): row for row in answer.rows("Subnets")}
    for subnet in imported:
        yield _compare(plan, subnet, held.get(subnet.id), needed)


def _compare(plan: Plan, subnet: Any, row: dict[str, Any] | None, needed: int) -> Result:
    if row is None:
        return Result("fail", subnet.id, "does not exist", "correct network_import.subnets")
    stated = {
        "VpcId": plan.setting("network_import", "vpc_id"),
        "AvailabilityZone": getattr(subnet, "zone", None),
        "CidrBlock": str(subnet.cidr) if getattr(subnet, "cidr", None) else None,
    }
    for name, value in stated.items():
        if value is not None and row.get(name) != value:
            return Result(
                "fail", subnet.id, f"{name} is {row.get(name)}, not {value}", "correct network_import.subnets"
            )
    free = row.get("AvailableIpAddressCount")
    if not isinstance(free, int):
        return Result("unknown", subnet.id, "the answer lacks the number of free addresses")
    detail = f"{free} addresses free, {needed} needed for what the stacks make"
    if free < needed:
        return Result("fail", subnet.id, detail, "import a larger subnet, or turn components off")
    return Result("pass", subnet.id, detail)


def _addresses(plan: Plan, there: frozenset[str]) -> int:
    """One address a subnet for each interface endpoint; jobs and applications take theirs while they run."""
    endpoints = plan.resources("AWS::EC2::VPCEndpoint", without=there)
    return sum(each.get("Properties", {}).get("VpcEndpointType") == "Interface" for each in endpoints)


def _imported(plan: Plan) -> list[Any]:
    return list(plan.setting("network_import", "subnets") or [])


CHECK = Check("subnets", questions, judge)
