"""Who reaches which zone of the sandbox, by the buckets' and keys' own policies: people by name, roles by pattern."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from cfn_templates import ACCOUNT, REGION, Deployment, Resource
from iam_simulator import Request, decide
from identities import Identity

TLS = {"aws:SecureTransport": "true", "s3:TlsVersion": "1.3"}
VIA_S3 = {"kms:ViaService": f"s3.{REGION}.amazonaws.com"}
EVERYTHING = {"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}
PEOPLE = ("DataScientist", "MlEngineer", "DataEngineer", "Approver", "Auditor")
READERS = {
    "Raw": {"DataEngineer"},
    "Curated": {"DataEngineer", "DataScientist", "MlEngineer"},
    "Features": {"DataEngineer", "DataScientist", "MlEngineer"},
    "Artifacts": {"DataScientist", "MlEngineer", "Approver"},
    "Evidence": {"Approver", "Auditor", "MlEngineer"},
}


def person(sandbox: Deployment, name: str) -> Identity:
    (role,) = [each for each in sandbox.resources("AWS::IAM::Role") if f"/Personas/{name}/" in each.path]
    return Identity(role, sandbox.resources())


def bucket(sandbox: Deployment, zone: str) -> Resource:
    (found,) = [each for each in sandbox.resources("AWS::S3::Bucket") if f"/{zone}/" in each.path]
    return found


def guard(sandbox: Deployment, zone: str) -> dict[str, object]:
    name = bucket(sandbox, zone).name
    (found,) = [each for each in sandbox.resources("AWS::S3::BucketPolicy") if each.properties["Bucket"] == name]
    document: dict[str, object] = found.properties["PolicyDocument"]
    return document


def key_policy(sandbox: Deployment, zone: str) -> dict[str, object]:
    (rule,) = bucket(sandbox, zone).properties["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    arn = rule["ServerSideEncryptionByDefault"]["KMSMasterKeyID"]
    (key,) = [each for each in sandbox.resources("AWS::KMS::Key") if each.arn == arn]
    document: dict[str, object] = key.properties["KeyPolicy"]
    return document


@pytest.mark.parametrize("zone", READERS)
@pytest.mark.parametrize("name", PEOPLE)
def test_each_zone_and_its_key_let_in_its_readers_and_nobody_else(sandbox: Deployment, zone: str, name: str) -> None:
    who, item = person(sandbox, name), f"{bucket(sandbox, zone).arn}/hdb-resale/data.csv"
    reads = name in READERS[zone]
    assert (who.asks("s3:GetObject", item, TLS, guard(sandbox, zone)) == "allowed") is reads
    if reads:
        assert who.asks("kms:Decrypt", "*", VIA_S3, key_policy(sandbox, zone)) == "allowed"
    assert who.asks("kms:Decrypt", "*", {}, key_policy(sandbox, zone)) != "allowed"


@pytest.mark.parametrize("name", ["DataScientist", "MlEngineer", "Approver", "Auditor"])
def test_raw_data_is_denied_to_all_but_the_data_engineer_whatever_else_is_attached(
    sandbox: Deployment, name: str
) -> None:
    who, item = person(sandbox, name), f"{bucket(sandbox, 'Raw').arn}/hdb-resale/data.csv"
    who.policies.append(EVERYTHING)
    for action in ("s3:GetObject", "s3:GetObjectVersion", "s3:PutObject"):
        assert who.asks(action, item, TLS, guard(sandbox, "Raw")) == "denied"


def test_only_the_data_engineer_writes_data_and_others_write_query_results(sandbox: Deployment) -> None:
    for zone in READERS:
        for name in PEOPLE:
            who, place = person(sandbox, name), bucket(sandbox, zone).arn
            writes = name == "DataEngineer" and zone in ("Raw", "Curated", "Features")
            decision = who.asks("s3:PutObject", f"{place}/table/part.parquet", TLS, guard(sandbox, zone))
            assert (decision == "allowed") is writes, (zone, name)
            results = who.asks("s3:PutObject", f"{place}/athena-results/1.csv", TLS, guard(sandbox, zone))
            queries = zone == "Curated" and name in ("DataScientist", "MlEngineer")
            assert (results == "allowed") is (writes or queries), (zone, name)
            assert who.asks("s3:DeleteObjectVersion", f"{place}/x", TLS, guard(sandbox, zone)) != "allowed"


def own_roles(deployment: Deployment) -> Iterator[Identity]:
    everything = list(deployment.resources())
    for role in deployment.resources("AWS::IAM::Role"):
        if "/Personas/" not in role.path:
            yield Identity(role, everything)


def test_every_key_that_a_role_of_the_environment_needs_lets_it_in(sandbox: Deployment) -> None:
    uses = 0
    for key in sandbox.resources("AWS::KMS::Key"):
        for role in own_roles(sandbox):
            if role.may("kms:Decrypt", key.arn, VIA_S3) or role.may("kms:Decrypt", key.arn):
                asked = Request("kms:Decrypt", key.arn, {"aws:PrincipalArn": role.arn}, principal=role.arn)
                assert decide([key.properties["KeyPolicy"]], asked) == "allowed", role.arn
                uses += 1
    assert uses > 8


def test_a_key_of_one_environment_is_closed_to_the_roles_of_another_in_the_same_account(
    shared_account: Deployment,
) -> None:
    keys = {each.path: each for each in shared_account.resources("AWS::KMS::Key")}
    dev = keys["sandbox-dev/Security/DataKey/Key/Resource"].properties["KeyPolicy"]
    for environment, decision in (("dev", "allowed"), ("uat", "not allowed")):
        arn = f"arn:aws:iam::{ACCOUNT}:role/agency/sandbox-{environment}-MlPlatform-Role-1A2B"
        assert decide([dev], Request("kms:Decrypt", "*", {"aws:PrincipalArn": arn}, principal=arn)) == decision


def test_without_roles_for_people_no_policy_names_any(minimal: Deployment) -> None:
    root = {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
    for key in minimal.resources("AWS::KMS::Key"):
        for statement in key.properties["KeyPolicy"]["Statement"]:
            assert statement["Principal"] == root or set(statement["Principal"]) == {"Service"}
    for policy in minimal.resources("AWS::S3::BucketPolicy"):
        sids = {each.get("Sid") for each in policy.properties["PolicyDocument"]["Statement"]}
        assert not sids & {"ReadByNamedRoles", "WriteByNamedRoles", "ClosedToNamedRoles"}


def test_runs_are_compared_in_the_environment_s_own_tracking_app_and_never_written(sandbox: Deployment) -> None:
    (app,) = sandbox.resources("AWS::SageMaker::MlflowApp")
    (policy,) = [each for each in sandbox.resources("AWS::IAM::ManagedPolicy") if "/TrackingView/" in each.path]
    assert policy.properties["Roles"] == [
        f"sandbox-dev.{name}" for name in ("data-scientist", "ml-engineer", "approver")
    ]
    document = policy.properties["PolicyDocument"]
    for action, decision in (("GetRun", "allowed"), ("SearchRuns", "allowed"), ("LogMetric", "not allowed")):
        assert decide([document], Request(f"sagemaker-mlflow:{action}", app.arn)) == decision
        assert decide([document], Request(f"sagemaker-mlflow:{action}", f"{app.arn}-2")) == "not allowed"


def test_an_imported_role_is_not_changed(importing: Deployment) -> None:
    (policy,) = [each for each in importing.resources("AWS::IAM::ManagedPolicy") if "/TrackingView/" in each.path]
    assert policy.properties["Roles"] == ["sandbox-dev.data-scientist", "sandbox-dev.ml-engineer"]


@pytest.mark.parametrize(
    ("domain", "service", "with_people", "without"),
    [
        ("Data", "s3", False, True),
        ("Ml", "s3", False, True),
        ("Ml", "bedrock", True, False),  # the guardrail's readers; the minimal agency has no AI service
        ("Logs", "sqs", True, True),
        ("Data", "sqs", False, False),
    ],
)
def test_where_nobody_can_be_named_iam_decides_through_one_service(
    *, sandbox: Deployment, minimal: Deployment, domain: str, service: str, with_people: bool, without: bool
) -> None:
    caller = f"arn:aws:iam::{ACCOUNT}:role/Application"
    context = {"aws:PrincipalArn": caller, "kms:ViaService": f"{service}.{REGION}.amazonaws.com"}
    for deployment, allowed in ((sandbox, with_people), (minimal, without)):
        (key,) = [each for each in deployment.resources("AWS::KMS::Key") if f"/{domain}Key/" in each.path]
        asked = Request("kms:Decrypt", key.arn, context, principal=caller)
        assert (decide([key.properties["KeyPolicy"]], asked) == "allowed") is allowed
