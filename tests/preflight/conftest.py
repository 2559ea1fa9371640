"""The plan of the sandbox with a boundary, and an account made by moto that has everything, or nothing."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from assemblies import REPOSITORY, assemble
from moto import mock_aws
from partly_faked import ACCOUNT, ANYTHING, BOUNDARY, NOT_IN_MOTO, REGION, Answers, Session, client
from ruamel.yaml import YAML

from govml.bootstrap.assembly import read_stacks
from govml.bootstrap.kit import kit
from govml.preflight.account import AccountSource
from govml.preflight.plan import Plan, make_plan
from govml.preflight.run import Line, run
from govml.settings import load_settings


@pytest.fixture(scope="session")
def config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    agency = YAML(typ="safe", pure=True).load(REPOSITORY / "config" / "sandbox.yaml")
    agency["iam"] |= {"permissions_boundary": BOUNDARY, "role_path": "/agency/"}
    path = tmp_path_factory.mktemp("preflight") / "agency.yaml"
    path.write_text(json.dumps(agency))
    return path


@pytest.fixture(scope="session")
def assembly(config: Path) -> Path:
    return assemble(config)


@pytest.fixture(scope="session")
def plan(config: Path, assembly: Path) -> Plan:
    settings, stacks = load_settings(config), read_stacks(assembly)
    return make_plan(settings, "dev", stacks, kit(settings, stacks, ["dev"]))


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An empty account."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    with mock_aws():
        yield


@pytest.fixture
def judge(plan: Plan) -> Callable[..., list[Line]]:
    """Run the checks against moto's account, with some answers replaced."""

    def _judge(answers: Answers | None = None, *, of: Plan = plan) -> list[Line]:
        session = Session({**NOT_IN_MOTO, **(answers or {})})
        return run(of, AccountSource(region=REGION, session=session))

    return _judge


@pytest.fixture
def prepared(aws: None, plan: Plan) -> None:
    """The account as the landing zone and the bootstrap leave it."""
    iam = client("iam")
    iam.create_policy(PolicyName=BOUNDARY, PolicyDocument=ANYTHING)
    role = f"cdk-hnb659fds-cfn-exec-role-{ACCOUNT}-{REGION}"
    iam.create_role(RoleName=role, AssumeRolePolicyDocument=ANYTHING)
    for policy in plan.kit.policies:
        iam.create_policy(PolicyName=policy.name, Path="/bootstrap/", PolicyDocument=json.dumps(policy.document))
        iam.attach_role_policy(RoleName=role, PolicyArn=policy.arn)
    block = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
    client("s3control").put_public_access_block(
        AccountId=ACCOUNT, PublicAccessBlockConfiguration=dict.fromkeys(block, True)
    )
