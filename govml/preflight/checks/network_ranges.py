"""A VPC that is made overlaps none of the account's, and the region has the zones for it."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_network

from govml.preflight.check import Check, Result, Source, unanswered
from govml.preflight.deployed import deployed_stacks, stacks_and
from govml.preflight.plan import Plan
from govml.preflight.question import Question, ask

NETWORKS = ask("ec2", "describe-vpcs")
ZONES = ask("ec2", "describe-availability-zones")


def questions(plan: Plan) -> list[Question]:
    """Ask only when a VPC is made."""
    return stacks_and(NETWORKS, ZONES) if plan.resources("AWS::EC2::VPC") else []


def judge(plan: Plan, source: Source) -> Iterator[Result]:
    """Compare ranges and zones."""
    if not plan.resources("AWS::EC2::VPC"):
        return
    there = deployed_stacks(plan, source) or frozenset()
    yield from _zones(plan, source)
    answer = source.answer(NETWORKS)
    for text in plan.stated("AWS::EC2::VPC", "CidrBlock", without=there):
        if answer.error:
            yield unanswered(text, NETWORKS, answer)
            continue
        taken = [
            f"{row.get('VpcId')} ({row['CidrBlock']})"
            for row in answer.rows("Vpcs")
            if "CidrBlock" in row and ip_network(row["CidrBlock"]).overlaps(ip_network(text))
        ]
        if taken:
            hint = f"give environments.{plan.environment}.cidr a free range, unless the two never meet"
            yield Result("fail", text, f"overlaps {taken[0]}", hint)
        else:
            yield Result("pass", text, f"overlaps none of {len(answer.rows('Vpcs'))} VPCs")


def _zones(plan: Plan, source: Source) -> Iterator[Result]:
    wanted = plan.settings.network.availability_zones
    answer = source.answer(ZONES)
    if answer.error:
        yield unanswered("availability zones", ZONES, answer)
        return
    usable = [
        row
        for row in answer.rows("AvailabilityZones")
        if row.get("State") == "available" and row.get("ZoneType", "availability-zone") == "availability-zone"
    ]
    detail = f"{wanted} wanted, {len(usable)} available"
    if len(usable) >= wanted:
        yield Result("pass", "availability zones", detail)
    else:
        yield Result("fail", "availability zones", detail, "lower network.availability_zones")


CHECK = Check("network-ranges", questions, judge)
