"""`Warehouse` and `CuratedTablesPolicy`: private, encrypted, logged; it loads curated tables and reads nothing else."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from bench import BenchStack, Stand
from cfn_templates import REGION
from identities import Identity

from govml_constructs.storage.warehouse import PORT, Warehouse

NAMESPACE, WORKGROUP = "AWS::RedshiftServerless::Namespace", "AWS::RedshiftServerless::Workgroup"


@pytest.fixture
def loader(bench: Mapping[str, Stand]) -> Identity:
    return Identity(bench["Warehouse"].one("AWS::IAM::Role"), bench["Warehouse"].template.all())


def test_data_and_secret_are_under_the_own_key(bench: Mapping[str, Stand]) -> None:
    namespace = bench["Warehouse"].one(NAMESPACE).properties
    key = bench["DataKey"].one("AWS::KMS::Key").arn
    assert namespace["KmsKeyId"] == namespace["AdminPasswordSecretKmsKeyId"] == key


def test_the_service_makes_and_keeps_the_administrator_s_password(bench: Mapping[str, Stand]) -> None:
    namespace = bench["Warehouse"].one(NAMESPACE).properties
    assert namespace["ManageAdminPassword"] is True
    assert "AdminUserPassword" not in namespace


def test_it_has_no_public_address_and_routes_through_the_vpc(bench: Mapping[str, Stand]) -> None:
    workgroup = bench["Warehouse"].one(WORKGROUP).properties
    assert workgroup["PubliclyAccessible"] is False
    assert workgroup["EnhancedVpcRouting"] is True
    assert len(workgroup["SubnetIds"]) == 3


def test_it_takes_tls_connections_only(bench: Mapping[str, Stand]) -> None:
    parameters = bench["Warehouse"].one(WORKGROUP).properties["ConfigParameters"]
    assert {each["ParameterKey"]: each["ParameterValue"] for each in parameters}["require_ssl"] == "true"


def test_it_logs_who_signed_in_and_what_was_asked(bench: Mapping[str, Stand]) -> None:
    assert set(bench["Warehouse"].one(NAMESPACE).properties["LogExports"]) == {
        "userlog",
        "connectionlog",
        "useractivitylog",
    }
    parameters = bench["Warehouse"].one(WORKGROUP).properties["ConfigParameters"]
    assert {"ParameterKey": "enable_user_activity_logging", "ParameterValue": "true"} in parameters


def test_its_logs_are_encrypted_kept_and_there_before_it(bench: Mapping[str, Stand]) -> None:
    namespace = bench["Warehouse"].one(NAMESPACE)
    logs = bench["Warehouse"].all("AWS::Logs::LogGroup")
    name = namespace.properties["NamespaceName"]
    assert {each.properties["LogGroupName"] for each in logs} == {
        f"/aws/redshift/{name}/{kind}" for kind in namespace.properties["LogExports"]
    }
    for log in logs:
        assert log.properties["KmsKeyId"] == bench["LogsKey"].one("AWS::KMS::Key").arn
        assert log.properties["RetentionInDays"] == 400
        assert log.logical_id in namespace.body["DependsOn"]


def test_only_the_named_tier_may_connect(bench: Mapping[str, Stand]) -> None:
    stand = bench["Warehouse"]
    group = stand.one("AWS::EC2::SecurityGroup")
    assert "SecurityGroupIngress" not in group.properties
    rules = [each.properties for each in stand.all("AWS::EC2::SecurityGroupIngress")]
    assert all("CidrIp" not in rule and "CidrIpv6" not in rule for rule in rules)
    sources = {str(rule["SourceSecurityGroupId"]) for rule in rules if rule["FromPort"] == PORT}
    jobs = bench["JobTier"].one("AWS::EC2::SecurityGroup")
    given = bench["GivenTier"].construct.group_id
    assert len(sources) == 2
    assert given in sources
    assert any(jobs.name in source for source in sources)


def test_a_group_that_was_given_gets_no_rule(bench: Mapping[str, Stand]) -> None:
    (out,) = bench["Warehouse"].all("AWS::EC2::SecurityGroupEgress")
    assert bench["JobTier"].one("AWS::EC2::SecurityGroup").name in str(out.properties["GroupId"])


def test_it_calls_the_endpoints_only(bench: Mapping[str, Stand]) -> None:
    (rule,) = bench["Warehouse"].one("AWS::EC2::SecurityGroup").properties["SecurityGroupEgress"]
    assert rule["FromPort"] == rule["ToPort"] == 443
    assert bench["EndpointTier"].one("AWS::EC2::SecurityGroup").name in str(rule["DestinationSecurityGroupId"])


def test_it_is_kept_when_its_stack_goes(bench: Mapping[str, Stand]) -> None:
    assert bench["Warehouse"].one(NAMESPACE).kept()


def test_its_role_loads_tables_by_their_manifests(bench: Mapping[str, Stand], loader: Identity) -> None:
    (zone,) = [each for each in bench["Lake"].all("AWS::S3::Bucket") if "/Raw/" in each.path]
    for name in ("hdb-resale/table/data/month=2017-01/x.parquet", "hdb-resale/manifests/latest.redshift"):
        assert loader.may("s3:GetObject", f"{zone.arn}/{name}")
    key = bench["DataKey"].one("AWS::KMS::Key").arn
    assert loader.may("kms:Decrypt", key, {"kms:ViaService": f"s3.{REGION}.amazonaws.com"})
    assert not loader.may("kms:Decrypt", key)


@pytest.mark.parametrize("folder", ["quarantine", "history", "deliveries", "ledger", "reports"])
def test_its_role_reads_nothing_else_and_writes_nothing(
    bench: Mapping[str, Stand], loader: Identity, folder: str
) -> None:
    (zone,) = [each for each in bench["Lake"].all("AWS::S3::Bucket") if "/Raw/" in each.path]
    assert not loader.may("s3:GetObject", f"{zone.arn}/hdb-resale/{folder}/x.parquet")
    assert not loader.may("s3:PutObject", f"{zone.arn}/hdb-resale/table/data/x.parquet")
    assert not loader.may("s3:ListBucket", zone.arn)


def test_both_names_of_the_service_may_take_the_role_for_this_account_only(loader: Identity) -> None:
    for service in ("redshift.amazonaws.com", "redshift-serverless.amazonaws.com"):
        assert loader.assumed_by(service)
        assert not loader.assumed_by(service, account="9" * 12)


def test_two_zones_are_too_few(scratch: BenchStack, bench: Mapping[str, Stand]) -> None:
    with pytest.raises(ValueError, match="three zones, not 2"):
        Warehouse(
            scratch,
            "Small",
            name="x",
            database="x",
            key=None,  # type: ignore[arg-type]
            logs_key=None,  # type: ignore[arg-type]
            retention_days=400,
            subscription=None,
            loads=None,  # type: ignore[arg-type]
            vpc_id="vpc-1",
            subnet_ids=["subnet-1", "subnet-2"],
            callers={},
            endpoints=None,  # type: ignore[arg-type]
            base_capacity_rpu=8,
            rules=None,  # type: ignore[arg-type]
        )
