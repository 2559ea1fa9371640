"""The three kinds of vector store: private, under the own key, readers and writers apart, kept when their stack goes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from aws_cdk import RemovalPolicy
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_kms as kms
from bench import BenchStack, Stand
from cfn_templates import REGION, Deployment

from govml_constructs.ai.vector_store.vector_collection import VectorCollection
from govml_constructs.ai.vector_store.vector_database import PORT, VectorDatabase

BUCKET, INDEX = "AWS::S3Vectors::VectorBucket", "AWS::S3Vectors::Index"
CLUSTER, INSTANCE = "AWS::RDS::DBCluster", "AWS::RDS::DBInstance"
COLLECTION, GROUP = "AWS::OpenSearchServerless::Collection", "AWS::OpenSearchServerless::CollectionGroup"
POLICY = "AWS::OpenSearchServerless::SecurityPolicy"
KINDS = ("VectorIndex", "VectorDatabase", "VectorCollection")


@pytest.fixture
def key(bench: Mapping[str, Stand]) -> str:
    return bench["DataKey"].one("AWS::KMS::Key").arn


def statements(stand: Stand, which: str) -> list[dict[str, Any]]:
    (policy,) = [each for each in stand.all("AWS::IAM::ManagedPolicy") if f"/Access/{which}/" in each.path]
    found: list[dict[str, Any]] = policy.properties["PolicyDocument"]["Statement"]
    return found


def actions(stand: Stand, which: str) -> set[str]:
    return {action for each in statements(stand, which) for action in each["Action"]}


def policies(stand: Stand, resource_type: str, kind: str) -> list[Any]:
    found = [each for each in stand.all(resource_type) if each.properties["Type"] == kind]
    return [json.loads(each.properties["Policy"]) for each in found]


@pytest.mark.parametrize("kind", KINDS)
def test_both_policies_name_this_store_only(bench: Mapping[str, Stand], kind: str) -> None:
    for which in ("Read", "Write"):
        for statement in statements(bench[kind], which):
            assert statement["Effect"] == "Allow"
            assert all("*" not in str(each) for each in statement["Resource"]), statement["Sid"]


@pytest.mark.parametrize("kind", KINDS)
def test_they_are_attached_to_nobody(bench: Mapping[str, Stand], kind: str) -> None:
    for policy in bench[kind].all("AWS::IAM::ManagedPolicy"):
        assert not {"Roles", "Users", "Groups"} & set(policy.properties)


@pytest.mark.parametrize("kind", KINDS)
def test_a_client_can_find_the_store(bench: Mapping[str, Stand], kind: str) -> None:
    assert len(bench[kind].construct.places) >= 2


@pytest.mark.parametrize(
    ("kind", "resource_type"),
    [("VectorIndex", BUCKET), ("VectorIndex", INDEX), ("VectorDatabase", CLUSTER), ("VectorCollection", COLLECTION)],
)
def test_vectors_outlive_the_stack(bench: Mapping[str, Stand], kind: str, resource_type: str) -> None:
    assert bench[kind].one(resource_type).kept()


# S3 Vectors


def test_vectors_are_under_the_own_key(bench: Mapping[str, Stand], key: str) -> None:
    stand = bench["VectorIndex"]
    assert stand.one(BUCKET).properties["EncryptionConfiguration"] == {"SseType": "aws:kms", "KmsKeyArn": key}
    assert "EncryptionConfiguration" not in stand.one(INDEX).properties  # inherits the bucket's


def test_the_text_of_documents_is_no_filter(bench: Mapping[str, Stand]) -> None:
    long = bench["VectorIndex"].one(INDEX).properties["MetadataConfiguration"]["NonFilterableMetadataKeys"]
    assert set(long) == {"AMAZON_BEDROCK_TEXT", "AMAZON_BEDROCK_METADATA"}


def test_another_shape_is_another_index(bench: Mapping[str, Stand]) -> None:
    index = bench["VectorIndex"].one(INDEX).properties
    assert (index["Dimension"], index["DistanceMetric"]) == (1024, "cosine")
    assert index["IndexName"] == "documents-1024-cosine"


def test_who_searches_an_index_writes_nothing(bench: Mapping[str, Stand]) -> None:
    assert "s3vectors:QueryVectors" in actions(bench["VectorIndex"], "Read")
    assert not {"s3vectors:PutVectors", "s3vectors:DeleteVectors"} & actions(bench["VectorIndex"], "Read")
    assert {"s3vectors:PutVectors", "s3vectors:DeleteVectors"} <= actions(bench["VectorIndex"], "Write")
    assert not {"s3vectors:DeleteIndex", "s3vectors:CreateIndex"} & actions(bench["VectorIndex"], "Write")


def test_the_key_is_used_through_s3_vectors_only(bench: Mapping[str, Stand]) -> None:
    for which in ("Read", "Write"):
        (held,) = [each for each in statements(bench["VectorIndex"], which) if each["Action"][0].startswith("kms:")]
        assert held["Condition"] == {"StringEquals": {"kms:ViaService": f"s3vectors.{REGION}.amazonaws.com"}}


def test_the_indexing_service_may_decrypt_and_no_more(sandbox: Deployment) -> None:
    security = sandbox.templates["sandbox-dev/Security"]
    (data,) = [each for each in security.all("AWS::KMS::Key") if "DataKey" in each.path]
    (held,) = [
        each
        for each in data.properties["KeyPolicy"]["Statement"]
        if each["Principal"] == {"Service": "indexing.s3vectors.amazonaws.com"}
    ]
    assert held["Action"] in ("kms:Decrypt", ["kms:Decrypt"])
    assert "aws:SourceAccount" in held["Condition"]["StringEquals"]


# Aurora


@pytest.fixture
def cluster(bench: Mapping[str, Stand]) -> dict[str, Any]:
    return bench["VectorDatabase"].one(CLUSTER).properties


def test_data_and_secret_of_the_database_are_under_the_own_key(cluster: dict[str, Any], key: str) -> None:
    assert cluster["StorageEncrypted"] is True
    assert cluster["KmsKeyId"] == cluster["MasterUserSecret"]["KmsKeyId"] == key


def test_the_service_makes_and_keeps_the_password(cluster: dict[str, Any]) -> None:
    assert cluster["ManageMasterUserPassword"] is True
    assert "MasterUserPassword" not in cluster
    assert cluster["EnableIAMDatabaseAuthentication"] is True


def test_the_database_has_no_public_address(bench: Mapping[str, Stand]) -> None:
    assert bench["VectorDatabase"].one(INSTANCE).properties["PubliclyAccessible"] is False


def test_the_database_takes_tls_only_and_logs_sign_ins(bench: Mapping[str, Stand]) -> None:
    parameters = bench["VectorDatabase"].one("AWS::RDS::DBClusterParameterGroup").properties["Parameters"]
    assert parameters["rds.force_ssl"] == parameters["log_connections"] == "1"


def test_its_log_is_encrypted_and_there_before_it(bench: Mapping[str, Stand], cluster: dict[str, Any]) -> None:
    log = bench["VectorDatabase"].one("AWS::Logs::LogGroup")
    assert log.properties["LogGroupName"] == f"/aws/rds/cluster/{cluster['DBClusterIdentifier']}/postgresql"
    assert log.properties["KmsKeyId"] == bench["LogsKey"].one("AWS::KMS::Key").arn
    assert cluster["EnableCloudwatchLogsExports"] == ["postgresql"]
    assert log.logical_id in bench["VectorDatabase"].one(CLUSTER).body["DependsOn"]


def test_it_sleeps_when_nobody_asks(cluster: dict[str, Any]) -> None:
    scaling = cluster["ServerlessV2ScalingConfiguration"]
    assert (scaling["MinCapacity"], scaling["SecondsUntilAutoPause"]) == (0, 300)


def test_it_is_backed_up_and_not_deleted_by_mistake(cluster: dict[str, Any]) -> None:
    assert cluster["BackupRetentionPeriod"] == 35
    assert cluster["DeletionProtection"] is True


def test_only_named_tiers_may_connect_and_a_given_group_is_left_alone(bench: Mapping[str, Stand]) -> None:
    for name, port in (("VectorDatabase", PORT), ("VectorCollection", 443)):
        stand = bench[name]
        rules = [each.properties for each in stand.all("AWS::EC2::SecurityGroupIngress")]
        assert {rule["FromPort"] for rule in rules} == {port}
        assert all("SourceSecurityGroupId" in rule and "CidrIp" not in rule for rule in rules)
        assert len(rules) == 2
        (out,) = [each.properties for each in stand.all("AWS::EC2::SecurityGroupEgress") if "/JobsOut" in each.path]
        assert out["FromPort"] == port
        assert not [each for each in stand.all("AWS::EC2::SecurityGroupEgress") if "/GivenOut" in each.path]


# OpenSearch


def test_the_collection_is_under_the_own_key(bench: Mapping[str, Stand], key: str) -> None:
    (encryption,) = policies(bench["VectorCollection"], POLICY, "encryption")
    assert (encryption["AWSOwnedKey"], encryption["KmsARN"]) == (False, key)
    assert encryption["Rules"] == [{"ResourceType": "collection", "Resource": ["collection/bench-vectors"]}]


def test_the_collection_and_its_dashboards_are_reached_from_the_vpc_only(bench: Mapping[str, Stand]) -> None:
    ((network,),) = policies(bench["VectorCollection"], POLICY, "network")
    assert network["AllowFromPublic"] is False
    endpoint = bench["VectorCollection"].one("AWS::OpenSearchServerless::VpcEndpoint")
    assert len(network["SourceVPCEs"]) == 1
    assert endpoint.name in network["SourceVPCEs"][0]
    assert {each["ResourceType"] for each in network["Rules"]} == {"collection", "dashboard"}


def test_readers_and_writers_of_the_collection_are_named(bench: Mapping[str, Stand]) -> None:
    held = {}
    for (policy,) in policies(bench["VectorCollection"], "AWS::OpenSearchServerless::AccessPolicy", "data"):
        (rule,) = policy["Rules"]
        assert rule["Resource"] == ["index/bench-vectors/*"]
        (held_by,) = policy["Principal"]
        held[held_by.rpartition(".")[2]] = set(rule["Permission"])
    assert held["data-scientist"] == {"aoss:DescribeIndex", "aoss:ReadDocument"}
    assert held["data-engineer"] - held["data-scientist"] == {
        "aoss:CreateIndex",
        "aoss:UpdateIndex",
        "aoss:WriteDocument",
    }


def test_the_collection_is_of_the_generation_that_costs_nothing_idle(bench: Mapping[str, Stand]) -> None:
    group = bench["VectorCollection"].one(GROUP).properties
    assert group["Generation"] == "NEXTGEN"
    limits = group["CapacityLimits"]
    assert limits["MinIndexingCapacityInOcu"] == limits["MinSearchCapacityInOcu"] == 0
    assert bench["VectorCollection"].one(COLLECTION).properties["CollectionGroupName"] == group["Name"]


def test_the_policies_are_there_before_the_collection(bench: Mapping[str, Stand]) -> None:
    stand = bench["VectorCollection"]
    needed = {each.logical_id for each in stand.all(POLICY, GROUP)}
    assert len(needed) == 3
    assert needed <= set(stand.one(COLLECTION).body["DependsOn"])


def test_the_collection_is_not_deleted_by_mistake(bench: Mapping[str, Stand]) -> None:
    assert bench["VectorCollection"].one(COLLECTION).properties["DeletionProtection"] == "ENABLED"


def test_both_keys_together_take_the_protection_off(scratch: BenchStack) -> None:
    vpc = ec2.Vpc.from_vpc_attributes(scratch, "Vpc", vpc_id="vpc-1", availability_zones=["a"])
    key = kms.Key.from_key_arn(scratch, "Key", "arn:aws:kms:ap-southeast-1:123456789012:key/1")
    shared: dict[str, Any] = {
        "vpc": vpc,
        "subnet_ids": ["subnet-1", "subnet-2"],
        "callers": {},
        "key": key,
        "path": "/",
    }
    gone = RemovalPolicy.DESTROY
    database = VectorDatabase(
        scratch,
        "D",
        name="d",
        logs_key=key,
        retention_days=400,
        subscription=None,
        removal_policy=gone,
        **shared,
    )
    collection = VectorCollection(scratch, "C", name="ccc", removal_policy=gone, **shared)
    assert database.cluster.deletion_protection is False
    made = collection.node.find_child("Collection")
    assert made.deletion_protection == "DISABLED"  # type: ignore[attr-defined]


def test_one_zone_is_too_few_for_a_database(scratch: BenchStack) -> None:
    with pytest.raises(ValueError, match="two zones, not 1"):
        VectorDatabase(
            scratch,
            "Small",
            name="d",
            vpc=None,  # type: ignore[arg-type]
            subnet_ids=["subnet-1"],
            callers={},
            key=None,  # type: ignore[arg-type]
            logs_key=None,  # type: ignore[arg-type]
            retention_days=400,
            subscription=None,
            path="/",
        )


# the stack


def test_the_stack_tells_clients_where_the_store_is(sandbox: Deployment) -> None:
    stack = sandbox.templates["sandbox-dev/VectorStore"]
    names = {each.properties["Name"] for each in stack.all("AWS::SSM::Parameter")}
    prefix = "/govml/sandbox/dev/data/vector-store/"
    wanted = {"kind", "read-policy", "write-policy", "bucket-arn", "index-arn"}
    assert names == {prefix + name for name in wanted}
