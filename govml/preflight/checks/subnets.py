"""Imported subnets exist where the agency file says, with addresses left for what is made in them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from govml.network_plan.budget import SubnetBudget
from govml.network_plan.plan import budget
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
    there = deployed_stacks(plan, source) or frozenset()
    taken = _endpoints(plan, frozenset()) - _endpoints(plan, there)
    held = {row.get("SubnetId"): row for row in answer.rows("Subnets")}
    budgets = budget(plan.settings, plan.settings.environment(plan.environment))
    for subnet, planned in zip(imported, budgets, strict=True):
        yield _compare(plan, subnet, held.get(subnet.id), planned, taken)


def _compare(plan: Plan, subnet: Any, row: dict[str, Any] | None, planned: SubnetBudget, taken: int) -> Result:
    """Compare one subnet.

    Args:
        plan: the plan.
        subnet: as the agency file states it.
        row: as the account has it, None when it does not.
        planned: what the plan puts into it.
        taken: addresses of that which are in use already, by stacks that are deployed.
    """
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
    needed = planned.needed - taken
    detail = f"{free} addresses free, {needed} needed ({planned.breakdown()})"
    if free < needed:
        return Result("fail", subnet.id, detail, "import a larger subnet, or turn components off")
    return Result("pass", subnet.id, detail)


def _endpoints(plan: Plan, without: frozenset[str]) -> int:
    """Number of interface endpoints, each of which takes one address a subnet."""
    endpoints = plan.resources("AWS::EC2::VPCEndpoint", without=without)
    return sum(each.get("Properties", {}).get("VpcEndpointType") == "Interface" for each in endpoints)


def _imported(plan: Plan) -> list[Any]:
    return list(plan.setting("network_import", "subnets") or [])


CHECK = Check("subnets", questions, judge)
