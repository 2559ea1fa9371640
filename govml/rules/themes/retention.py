"""Stateful resources outlive their stack."""

from __future__ import annotations

from collections.abc import Iterator

from govml.rules.options import Options
from govml.rules.registry import rule
from govml.rules.template import Resource, Template
from govml.rules.values import true

# What is lost with these cannot be made again (cfn-lint's list of stateful resources, rule I3011, and the stores of
# machine learning). Queues and secrets are not here: messages pass, and a deleted secret can be restored for weeks.
_DATA = (
    "AWS::S3::Bucket",
    "AWS::KMS::Key",
    "AWS::DynamoDB::Table",
    "AWS::DynamoDB::GlobalTable",
    "AWS::RDS::DBCluster",
    "AWS::RDS::DBInstance",
    "AWS::DocDB::DBCluster",
    "AWS::Neptune::DBCluster",
    "AWS::Redshift::Cluster",
    "AWS::EFS::FileSystem",
    "AWS::FSx::FileSystem",
    "AWS::EC2::Volume",
    "AWS::OpenSearchService::Domain",
    "AWS::Cognito::UserPool",
)
# What holds state too, but is often rebuilt from elsewhere: these are judged
# where the template says a word on it: for this resource, or for another of the type.
_RECORDS = (
    "AWS::Logs::LogGroup",
    "AWS::Kinesis::Stream",
    "AWS::ECR::Repository",
    "AWS::CodeArtifact::Domain",
    "AWS::CodeArtifact::Repository",
    "AWS::Backup::BackupVault",
    "AWS::ElastiCache::ReplicationGroup",
    "AWS::OpenSearchServerless::Collection",
    "AWS::RedshiftServerless::Namespace",
    "AWS::S3Tables::TableBucket",
    "AWS::S3Vectors::VectorBucket",
    "AWS::S3Vectors::Index",
    "AWS::SageMaker::Domain",
    "AWS::SageMaker::FeatureGroup",
    "AWS::SageMaker::MlflowApp",
    "AWS::SageMaker::MlflowTrackingServer",
    "AWS::SageMaker::ModelPackageGroup",
)
_KEPT = frozenset({"Retain", "Snapshot", "RetainExceptOnCreate"})


@rule(
    "GovML-StatefulRetained",
    *_DATA,
    *_RECORDS,
    title="What holds data is kept when its stack is deleted or replaces it",
    rationale="CloudFormation deletes by default: a renamed property or a wrong command is enough to lose the data.",
    severity="high",
    controls=("CP-9", "SI-12", "AU-11"),
    public_sector_controls=("BR-1", "BR-3", "LM-2"),
    source='CloudFormation template reference, "DeletionPolicy attribute", "UpdateReplacePolicy attribute"',
)
def stateful_retained(resource: Resource, template: Template, options: Options) -> Iterator[str]:
    """Ask for DeletionPolicy; and for UpdateReplacePolicy where the template has it on any other resource."""
    deletion, replacement = resource.attributes.get("DeletionPolicy"), resource.attributes.get("UpdateReplacePolicy")
    if _member(resource) or options.may_delete(template.name):
        return
    if deletion is None and (resource.type in _DATA or replacement in _KEPT or _sibling_kept(resource, template)):
        yield "is deleted with its stack: set DeletionPolicy to Retain"
    elif isinstance(deletion, str) and deletion not in _KEPT:
        yield f"is deleted with its stack: set DeletionPolicy to Retain, not {deletion}"
    if isinstance(replacement, str) and replacement not in _KEPT:
        yield f"is deleted when it is replaced: set UpdateReplacePolicy to Retain, not {replacement}"
    elif replacement is None and deletion is not None and _replacement_said(template):
        yield "is deleted when it is replaced: set UpdateReplacePolicy to Retain, as elsewhere in the template"
    if true(resource.get("EmptyOnDelete")) or true(resource.get("ForceDelete")):
        yield "is emptied when it is deleted: remove EmptyOnDelete"


def _member(resource: Resource) -> bool:
    """Return whether a database instance belongs to a cluster, which holds the data."""
    return resource.type == "AWS::RDS::DBInstance" and resource.get("DBClusterIdentifier") is not None


def _sibling_kept(resource: Resource, template: Template) -> bool:
    return any(str(each.attributes.get("DeletionPolicy")) in _KEPT for each in template.of_type(resource.type))


def _replacement_said(template: Template) -> bool:
    said = template.shared.get("replacement_said")
    if said is None:
        said = template.shared["replacement_said"] = any(
            "UpdateReplacePolicy" in each.attributes for each in template.resources.values()
        )
    return bool(said)
