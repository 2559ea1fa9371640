"""The stack of the bench, what its themes share, and how a test sees one construct of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsii
from aws_cdk import App, Environment, Fn, Stack
from cfn_templates import ACCOUNT, REGION, Resource, Template
from constructs import IConstruct

from govml_constructs.encryption.key_policy import KeyUsers


def key_users(
    *,
    readers: Sequence[str] = (),
    writers: Sequence[str] = (),
    services: Sequence[str] = (),
    administrators: Sequence[str] = (),
    account_through: Sequence[str] = (),
) -> KeyUsers:
    """Return the users of a key of the bench: its roles by pattern, its deployment, and who else is named."""
    return KeyUsers(
        partition="aws",
        region=REGION,
        account=ACCOUNT,
        role_patterns=[f"arn:aws:iam::{ACCOUNT}:role/govml/bench-dev-*"],
        deployer_patterns=[f"arn:aws:iam::{ACCOUNT}:role/cdk-*-cfn-exec-role-{ACCOUNT}-{REGION}"],
        administrators=administrators,
        account_through=account_through,
        readers=readers,
        writers=writers,
        services=services,
    )


class BenchStack(Stack):
    """A stack with an explicit account, as the real ones, that looks nothing up."""

    def __init__(self, app: App, name: str = "Bench") -> None:
        super().__init__(app, name, env=Environment(account=ACCOUNT, region=REGION))

    @property
    @jsii.member(jsii_name="availabilityZones")
    def availability_zones(self) -> list[str]:
        return [Fn.select(index, Fn.get_azs()) for index in range(2)]


@dataclass(frozen=True)
class Stand:
    """One construct of the bench, and what it became."""

    construct: Any
    template: Template

    def all(self, *types: str) -> list[Resource]:
        """Return its resources of any of the types; of every type when none is named."""
        return self.template.all(*types, under=self.construct.node.path)

    def one(self, type_name: str) -> Resource:
        """Return its only resource of a type."""
        (resource,) = self.all(type_name)
        return resource

    def policy(self, type_name: str = "AWS::IAM::ManagedPolicy") -> dict[str, Any]:
        """Return the document of its only policy."""
        document: dict[str, Any] = self.one(type_name).properties["PolicyDocument"]
        return document


class Ground:
    """The stack, the constructs that stand in it by id, and what a later theme takes from an earlier one.

    Args:
        app: the app, with the nag packs registered.
        folder: a folder of the test's own, for the code archives.
    """

    personas: Any
    key: Any
    logs_key: Any
    subscription: Any
    log: Any
    topic: Any
    queue: Any
    role: Any
    vpc: Any
    subnet_ids: list[str]
    subnet_arns: list[str]
    group_id: str
    group_arn: str
    bucket: Any
    evidence: Any
    lake: Any
    data_policy: Any
    source_policy: Any
    fetch_policy: Any
    job_policy: Any
    network_policy: Any
    function_network: Any
    pipeline_policy: Any
    tracking: Any

    def __init__(self, app: App, folder: Path) -> None:
        self.stack = BenchStack(app)
        self.folder = folder
        self.constructs: dict[str, Any] = {}

    def add(self, construct: IConstruct) -> Any:
        """Keep a construct under its id, and return it."""
        self.constructs[construct.node.id] = construct
        return construct


def stands(bench: Ground, template: Template) -> Mapping[str, Stand]:
    """Return each construct of the bench with its part of the template."""
    return {name: Stand(construct, template) for name, construct in bench.constructs.items()}
