"""Each check against an account made by moto: passes, fails, and does not know."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from ipaddress import ip_network
from pathlib import Path
from types import SimpleNamespace
from typing import Any, ClassVar

import pytest
from partly_faked import ANYTHING, BOUNDARY, REGION, client, concurrency, quotas, refused

from govml.identity.imported_keys import imported_keys
from govml.preflight.plan import Plan
from govml.preflight.run import Line, all_questions
from govml.settings import load_settings

Judge = Callable[..., list[Line]]
ROLE = f"cdk-hnb659fds-cfn-exec-role-123456789012-{REGION}"


def failures(lines: list[Line]) -> list[tuple[str, str]]:
    return [(line.check, line.result.subject) for line in lines if line.result.status == "fail"]


def of(lines: list[Line], check: str) -> list[Line]:
    found = [line for line in lines if line.check == check]
    assert found
    return found


def test_a_prepared_account_passes_everything(prepared: None, judge: Judge) -> None:
    assert [line for line in judge() if line.result.status != "pass"] == []


def test_an_empty_account_is_told_what_it_lacks(aws: None, judge: Judge) -> None:
    lines = judge()
    assert failures(lines) == [
        ("boundary", BOUNDARY),
        ("execution-role", ROLE),
        ("public-access", "S3 public access of the account"),
    ]
    assert all(line.result.hint for line in lines if line.result.status == "fail")


def test_answers_of_another_account_end_it(aws: None, judge: Judge, plan: Plan) -> None:
    place = dataclasses.replace(plan.place, account="999988887777")
    (line,) = judge(of=dataclasses.replace(plan, place=place))
    assert (line.check, line.result.status) == ("account", "fail")
    assert "123456789012" in line.result.detail


def test_a_boundary_on_another_path_is_not_the_boundary(aws: None, judge: Judge) -> None:
    client("iam").create_policy(PolicyName=BOUNDARY, Path="/landing-zone/", PolicyDocument=ANYTHING)
    (line,) = of(judge(), "boundary")
    assert line.result.status == "fail"
    assert "/landing-zone/AgencyBoundary has another path" in line.result.detail


def test_administrator_access_on_the_execution_role_fails(prepared: None, judge: Judge) -> None:
    policy = client("iam").create_policy(PolicyName="AdministratorAccess", PolicyDocument=ANYTHING)["Policy"]
    client("iam").attach_role_policy(RoleName=ROLE, PolicyArn=policy["Arn"])
    (line,) = [line for line in of(judge(), "execution-role") if line.result.status == "fail"]
    assert "AdministratorAccess" in line.result.detail


def test_a_policy_that_has_fallen_behind_the_templates_fails(prepared: None, judge: Judge, plan: Plan) -> None:
    arn = plan.kit.policies[0].arn
    client("iam").create_policy_version(PolicyArn=arn, PolicyDocument=ANYTHING, SetAsDefault=True)
    (line,) = [line for line in of(judge(), "execution-role") if line.result.status == "fail"]
    assert line.result.subject == plan.kit.policies[0].name
    assert "create-policy-version" in line.result.hint


def test_without_a_bootstrap_the_execution_role_is_not_asked_for(aws: None, judge: Judge, plan: Plan) -> None:
    plain = dataclasses.replace(plan, plain=True)
    assert "execution-role" not in {line.check for line in judge(of=plain)}
    assert not [question for question in all_questions(plain) if "cfn-exec-role" in question.key]


def test_a_log_group_that_sagemaker_has_made_already_fails(prepared: None, judge: Judge) -> None:
    client("logs").create_log_group(logGroupName="/aws/sagemaker/TrainingJobs")
    client("logs").create_log_group(logGroupName="/aws/sagemaker/ProcessingJobs-other")
    assert failures(judge()) == [("names", "/aws/sagemaker/TrainingJobs")]


def test_an_alias_and_a_repository_that_exist_fail(prepared: None, judge: Judge) -> None:
    key = client("kms").create_key()["KeyMetadata"]["KeyId"]
    client("kms").create_alias(AliasName="alias/sandbox-dev-data", TargetKeyId=key)
    client("ecr").create_repository(repositoryName="sandbox-dev-jobs")
    assert failures(judge()) == [("names", "alias/sandbox-dev-data"), ("names", "sandbox-dev-jobs")]


def test_what_our_own_stacks_have_made_is_no_clash(prepared: None, judge: Judge) -> None:
    body = json.dumps({"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}})
    client("cloudformation").create_stack(StackName="sandbox-dev-MlPlatform", TemplateBody=body)
    client("logs").create_log_group(logGroupName="/aws/sagemaker/TrainingJobs")
    assert failures(judge()) == []


def test_a_name_is_unknown_when_nobody_tells_whose_it_is(prepared: None, judge: Judge) -> None:
    client("logs").create_log_group(logGroupName="/aws/sagemaker/TrainingJobs")
    lines = judge({("cloudformation", "describe_stacks"): refused("AccessDenied")})
    assert failures(lines) == []
    (line,) = [line for line in of(lines, "names") if line.result.status == "unknown"]
    assert line.result.subject == "/aws/sagemaker/TrainingJobs"


def test_an_overlapping_vpc_fails(prepared: None, judge: Judge) -> None:
    client("ec2").create_vpc(CidrBlock="10.40.2.0/24")
    assert failures(judge()) == [("network-ranges", "10.40.0.0/22")]


def test_a_new_accounts_concurrency_of_ten_fails(prepared: None, judge: Judge) -> None:
    lines = judge({("lambda", "get_account_settings"): concurrency(10)})
    assert failures(lines) == [("lambda-concurrency", "concurrent executions")]
    assert (
        of(judge({("lambda", "get_account_settings"): concurrency(107)}), "lambda-concurrency")[0].result.status
        == "pass"
    )


@pytest.mark.parametrize(
    ("name", "check"),
    [
        ("ml.m5.large for training job usage", "sagemaker-instances"),
        ("Interface VPC endpoints per VPC", "vpc-endpoints"),
    ],
)
def test_a_quota_that_is_too_small_fails_and_is_named(prepared: None, judge: Judge, name: str, check: str) -> None:
    lines = judge({("service-quotas", "list_service_quotas"): quotas({name: 0.0})})
    assert failures(lines) == [(check, name)]


@pytest.mark.parametrize(
    ("used", "quota", "subject"),
    [
        ("Roles", "RolesQuota", "roles"),
        ("Policies", "PoliciesQuota", "customer-managed policies"),
        ("None", "AttachedPoliciesPerRoleQuota", "policies of one role"),
    ],
)
def test_a_full_account_fails(prepared: None, judge: Judge, used: str, quota: str, subject: str) -> None:
    room = {"Roles": 0, "RolesQuota": 1000, "Policies": 0, "PoliciesQuota": 1500, "AttachedPoliciesPerRoleQuota": 10}
    full = {**room, used: 995 if quota == "RolesQuota" else 1495}
    if quota == "AttachedPoliciesPerRoleQuota":
        full[quota] = 2
    lines = judge({("iam", "get_account_summary"): {"SummaryMap": full}})
    assert failures(lines) == [("iam-quotas", subject)]


def test_public_access_that_is_half_open_fails_by_name(prepared: None, judge: Judge) -> None:
    client("s3control").put_public_access_block(
        AccountId="123456789012",
        PublicAccessBlockConfiguration={"BlockPublicAcls": True, "IgnorePublicAcls": True, "BlockPublicPolicy": False},
    )
    (line,) = [line for line in judge() if line.result.status == "fail"]
    assert line.result.detail == "BlockPublicPolicy, RestrictPublicBuckets off"


def with_environment(plan: Plan, **keys: Any) -> Plan:
    """The plan of an agency file whose environment has further keys."""
    environment = SimpleNamespace(account=plan.place.account, network_import=None, imported=None)
    vars(environment).update(keys)
    names = ("use_cases", "served", "iam", "agency", "switches", "data")
    settings = SimpleNamespace(**{name: getattr(plan.settings, name) for name in names})
    mode = "create" if environment.network_import is None else "import"
    settings.network = plan.settings.network.model_copy(update={"mode": mode})
    settings.environment = lambda _name: environment
    settings.hosts_grafana = lambda _environment: False
    return dataclasses.replace(plan, settings=settings)  # type: ignore[arg-type]


class TestImportedNetwork:
    def network(self, **changes: Any) -> SimpleNamespace:
        ec2 = client("ec2")
        vpc = ec2.create_vpc(CidrBlock="10.90.0.0/24")["Vpc"]["VpcId"]
        subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.90.0.0/28", AvailabilityZone=f"{REGION}a")["Subnet"]
        stated = SimpleNamespace(id=subnet["SubnetId"], zone=f"{REGION}a", cidr=ip_network("10.90.0.0/28"))
        subnets = [SimpleNamespace(**{**vars(stated), **changes})]
        return SimpleNamespace(vpc_id=vpc, subnets=subnets, endpoints={}, route_table_ids=())

    def test_a_subnet_without_room_for_the_endpoints_fails(self, prepared: None, judge: Judge, plan: Plan) -> None:
        """11 addresses of a /28 are free, and the sandbox has 20 interface endpoints, and jobs."""
        lines = judge(of=with_environment(plan, network_import=self.network()))
        (line,) = of(lines, "subnets")
        assert line.result.status == "fail"
        assert line.result.detail.startswith("11 addresses free, ")
        assert "interface endpoints 20" in line.result.detail

    def test_addresses_that_deployed_stacks_hold_are_not_needed_again(
        self, prepared: None, judge: Judge, plan: Plan
    ) -> None:
        imported = with_environment(plan, network_import=self.network())
        before = of(judge(of=imported), "subnets")[0].result.detail
        body = json.dumps({"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}})
        client("cloudformation").create_stack(StackName="sandbox-dev-Network", TemplateBody=body)
        after = of(judge(of=imported), "subnets")[0].result.detail
        needed = [int(detail.split(", ")[1].split()[0]) for detail in (before, after)]
        assert needed[0] - needed[1] == 20

    @pytest.mark.parametrize(
        ("changes", "detail"),
        [
            ({"id": "subnet-0123456789abcdef0"}, "does not exist"),
            ({"zone": f"{REGION}b"}, f"AvailabilityZone is {REGION}a, not {REGION}b"),
            ({"cidr": ip_network("10.90.0.16/28")}, "CidrBlock is 10.90.0.0/28, not 10.90.0.16/28"),
        ],
    )
    def test_a_subnet_that_is_not_as_stated_fails(
        self, prepared: None, judge: Judge, plan: Plan, changes: dict[str, Any], detail: str
    ) -> None:
        (line,) = of(judge(of=with_environment(plan, network_import=self.network(**changes))), "subnets")
        assert (line.result.status, line.result.detail) == ("fail", detail)

    def test_a_second_endpoint_with_the_same_private_names_fails(
        self, prepared: None, judge: Judge, plan: Plan
    ) -> None:
        network = self.network()
        service = f"com.amazonaws.{REGION}.kms"
        made = client("ec2").create_vpc_endpoint(
            VpcId=network.vpc_id, ServiceName=service, VpcEndpointType="Interface", PrivateDnsEnabled=True
        )
        lines = of(judge(of=with_environment(plan, network_import=network)), "vpc-endpoints")
        (line,) = [line for line in lines if line.result.status == "fail"]
        assert line.result.subject == service
        assert made["VpcEndpoint"]["VpcEndpointId"] in line.result.detail

    def test_an_imported_endpoint_that_is_gone_fails(self, prepared: None, judge: Judge, plan: Plan) -> None:
        network = self.network()
        network.endpoints = {"kms": "vpce-0123456789abcdef0"}
        lines = of(judge(of=with_environment(plan, network_import=network)), "vpc-endpoints")
        assert ("vpc-endpoints", "kms: vpce-0123456789abcdef0") in failures(lines)


class TestNamedRoles:
    def test_a_role_of_others_that_is_not_there_fails(self, prepared: None, judge: Judge, plan: Plan) -> None:
        there = client("iam").create_role(RoleName="theirs", AssumeRolePolicyDocument=ANYTHING)["Role"]["Arn"]
        gone = there.replace("theirs", "gone")
        statement = {"Effect": "Allow", "Action": ["iam:PassRole"], "Resource": [there, gone, f"{there[:-6]}sandbox-*"]}
        policy = dataclasses.replace(plan.kit.policies[0], document={"Statement": [statement]})
        changed = dataclasses.replace(plan, kit=dataclasses.replace(plan.kit, policies=(policy,)), plain=True)
        assert failures(judge(of=changed)) == [("roles", gone)]


class TestImportedKeys:
    KEY = f"arn:aws:kms:{REGION}:123456789012:key/11111111-2222-3333-4444-555555555555"
    ENABLED: ClassVar = {"KeyMetadata": {"KeyState": "Enabled"}}

    @pytest.fixture
    def imported(self, plan: Plan, config: Path, tmp_path: Path) -> Plan:
        agency = json.loads(config.read_text())
        agency["environments"]["dev"]["imported"] = {"keys": {"data": self.KEY}}
        path = tmp_path / "agency.yaml"
        path.write_text(json.dumps(agency))
        return dataclasses.replace(plan, settings=load_settings(path))

    @pytest.fixture
    def needed(self, imported: Plan) -> list[Any]:
        (key,) = imported_keys(imported.settings)
        return list(key.statements)

    def judged(self, judge: Judge, plan: Plan, statements: list[Any], **answers: Any) -> list[Line]:
        policy = {"Policy": json.dumps({"Version": "2012-10-17", "Statement": statements})}
        held = {"describe_key": self.ENABLED, "get_key_policy": policy, **answers}
        return of(judge({("kms", name): answer for name, answer in held.items()}, of=plan), "keys")

    def test_a_policy_that_says_everything_passes(
        self, prepared: None, judge: Judge, imported: Plan, needed: list[Any]
    ) -> None:
        assert [line.result.status for line in self.judged(judge, imported, needed)] == ["pass"]

    def test_each_statement_that_is_missing_is_told_with_its_text(
        self, prepared: None, judge: Judge, imported: Plan, needed: list[Any]
    ) -> None:
        for left_out in needed:
            (line,) = self.judged(judge, imported, [each for each in needed if each != left_out])
            assert line.result.status == "fail"
            assert left_out["Sid"] in line.result.detail
            assert json.dumps(left_out) in line.result.hint

    @pytest.mark.parametrize("state", ["Disabled", "PendingDeletion"])
    def test_a_key_that_cannot_be_used_fails(
        self, prepared: None, judge: Judge, imported: Plan, needed: list[Any], state: str
    ) -> None:
        lines = self.judged(judge, imported, needed, describe_key={"KeyMetadata": {"KeyState": state}})
        assert (lines[0].result.status, lines[0].result.detail) == ("fail", f"is {state}")

    def test_a_key_that_does_not_exist_fails(
        self, prepared: None, judge: Judge, imported: Plan, needed: list[Any]
    ) -> None:
        lines = self.judged(judge, imported, needed, describe_key=refused("NotFoundException"))
        assert [(line.result.status, line.result.detail) for line in lines] == [("fail", "does not exist")]

    @pytest.mark.parametrize(
        "answer", [refused("AccessDeniedException"), {"Policy": "{"}, {}], ids=["denied", "no JSON", "empty"]
    )
    def test_a_policy_that_cannot_be_read_is_unknown(
        self, prepared: None, judge: Judge, imported: Plan, needed: list[Any], answer: Any
    ) -> None:
        (line,) = self.judged(judge, imported, needed, get_key_policy=answer)
        assert line.result.status == "unknown"


def test_every_single_call_may_be_refused(prepared: None, judge: Judge, plan: Plan) -> None:
    """One denied call makes its check unknown, and never fails, ends or changes another check."""
    everything = judge()
    for question in sorted(all_questions(plan), key=lambda each: each.key):
        lines = judge({(question.service, question.method): refused("AccessDeniedException")})
        assert failures(lines) == [], question.key
        assert {line.check for line in lines} == {line.check for line in everything}, question.key
        if question.key != "cloudformation describe-stacks" and "vpc" not in question.key:
            assert any(line.result.status == "unknown" for line in lines), question.key


@pytest.mark.parametrize("code", ["Throttling", "RequestLimitExceeded", "InternalError"])
def test_a_service_that_cannot_answer_is_unknown(prepared: None, judge: Judge, code: str) -> None:
    (line,) = of(judge({("iam", "list_policies"): refused(code)}), "boundary")
    assert line.result.status == "unknown"
    assert code in line.result.detail


@pytest.mark.parametrize("answer", [{"SummaryMap": []}, {"SummaryMap": {"Roles": "many"}}, {}])
def test_an_answer_in_an_unexpected_shape_is_unknown(prepared: None, judge: Judge, answer: dict[str, Any]) -> None:
    lines = of(judge({("iam", "get_account_summary"): answer}), "iam-quotas")
    assert {line.result.status for line in lines} == {"unknown"}
