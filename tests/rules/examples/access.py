"""Examples of the rules on resource policies."""

from __future__ import annotations

from example import Example, change
from pieces import ACCOUNT, BUCKET, OBJECTS_ARN, OWNER, ROOT, allow, policy, resource

_READ = allow(Sid="Read", Principal={"AWS": ROOT}, Action="s3:GetObject", Resource=OBJECTS_ARN)
_LOG = allow(
    Sid="Log",
    Principal={"Service": "logging.s3.amazonaws.com"},
    Action="s3:PutObject",
    Resource=OBJECTS_ARN,
    Condition={"StringEquals": {"aws:SourceAccount": ACCOUNT}},
)
_DOCUMENT = "Policy.Properties.PolicyDocument.Statement"


def _with(*statements):
    given = BUCKET["Policy"]["Properties"]["PolicyDocument"]["Statement"]
    return change(BUCKET, _DOCUMENT, [*given, *statements])


def _policy_of(kind, name, *statements, **properties):
    return {"Policy": resource(kind, {name: policy(*statements), **properties})}


_EVERYBODY = allow(Principal="*", Action="x:Read", Resource="*")
_ANOTHER = {"AWS": "arn:aws:iam::999988887777:root"}
_ORG = {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}

EXAMPLES = {
    "GovML-PublicResourcePolicy": Example(
        passing=_with({**_READ, "Principal": "*", "Condition": _ORG}),
        failing=[
            _with({**_READ, "Principal": "*"}),
            _with({**_READ, "Principal": {"AWS": "*"}}),
            _with({**_READ, "Principal": {"AWS": ["*", ROOT]}}),
            _with({**_READ, "Principal": {"AWS": "arn:aws:iam::*:root"}}),
            _with({**_READ, "Principal": "*", "Condition": {"StringLike": {"aws:PrincipalOrgID": "*"}}}),
            _with(
                {**_READ, "Principal": "*", "Condition": {"StringNotEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}}
            ),
            _with({**_READ, "Principal": "*", "Condition": {"IpAddress": {"aws:SourceIp": "0.0.0.0/0"}}}),
            _with(
                {"Effect": "Allow", "NotPrincipal": {"AWS": ROOT}, "Action": "s3:GetObject", "Resource": OBJECTS_ARN}
            ),
            _policy_of("AWS::SQS::QueuePolicy", "PolicyDocument", _EVERYBODY, Queues=[]),
            _policy_of("AWS::SNS::TopicPolicy", "PolicyDocument", _EVERYBODY, Topics=[]),
            _policy_of("AWS::SecretsManager::ResourcePolicy", "ResourcePolicy", _EVERYBODY),
            _policy_of("AWS::ECR::Repository", "RepositoryPolicyText", _EVERYBODY),
            _policy_of("AWS::EFS::FileSystem", "FileSystemPolicy", _EVERYBODY),
            _policy_of("AWS::Oam::Sink", "Policy", _EVERYBODY, Name="sink"),
            _policy_of("AWS::Backup::BackupVault", "AccessPolicy", _EVERYBODY),
            _policy_of("AWS::OpenSearchService::Domain", "AccessPolicies", _EVERYBODY),
            _policy_of("AWS::KMS::Key", "KeyPolicy", OWNER, allow(Principal="*", Action="kms:Decrypt", Resource="*")),
            {"Bus": resource("AWS::Events::EventBusPolicy", {"StatementId": "a", "Statement": _EVERYBODY})},
            {
                "Bus": resource(
                    "AWS::Events::EventBusPolicy", {"StatementId": "a", "Principal": "*", "Action": "events:PutEvents"}
                )
            },
        ],
    ),
    "GovML-ForeignAccount": Example(
        passing=_with(_READ),
        failing=[
            _with({**_READ, "Principal": _ANOTHER}),
            _with({**_READ, "Principal": {"AWS": "999988887777"}}),
            _with({**_READ, "Principal": {"AWS": {"Fn::Sub": "arn:${AWS::Partition}:iam::999988887777:role/x"}}}),
            _policy_of(
                "AWS::KMS::Key", "KeyPolicy", OWNER, allow(Principal=_ANOTHER, Action="kms:Decrypt", Resource="*")
            ),
            _policy_of(
                "AWS::ECR::Repository", "RepositoryPolicyText", allow(Principal=_ANOTHER, Action="ecr:BatchGetImage")
            ),
        ],
    ),
    "GovML-ServiceWithoutSource": Example(
        passing=_with(_LOG),
        failing=[
            _with({key: value for key, value in _LOG.items() if key != "Condition"}),
            _with({**_READ, "Principal": {"Service": "cloudfront.amazonaws.com"}}),
            _with({**_LOG, "Condition": {"StringLike": {"aws:SourceAccount": "*"}}}),
            _policy_of(
                "AWS::SQS::QueuePolicy",
                "PolicyDocument",
                allow(Principal={"Service": "events.amazonaws.com"}, Action="sqs:SendMessage", Resource="*"),
                Queues=[],
            ),
            _policy_of(
                "AWS::SNS::TopicPolicy",
                "PolicyDocument",
                allow(Principal={"Service": "s3.amazonaws.com"}, Action="sns:Publish", Resource="*"),
                Topics=[],
            ),
        ],
    ),
    "GovML-ResourcePolicyActions": Example(
        passing=_with(_READ),
        failing=[
            _with({**_READ, "Action": "s3:*"}),
            _with({**_READ, "Action": "*"}),
            _with({key: value for key, value in {**_READ, "NotAction": "s3:DeleteBucket"}.items() if key != "Action"}),
            _policy_of(
                "AWS::SQS::QueuePolicy", "PolicyDocument", allow(Principal={"AWS": ROOT}, Action="SQS:*"), Queues=[]
            ),
        ],
    ),
    "GovML-WeakDeny": Example(
        passing=BUCKET,
        failing=[
            change(BUCKET, f"{_DOCUMENT}.0.Condition", {"Bool": {"aws:SecureTransport": "true"}}),
            change(BUCKET, f"{_DOCUMENT}.0.Condition", {"StringEquals": {"aws:SecureTransport": "false"}}),
            change(BUCKET, f"{_DOCUMENT}.0.Condition", {"NumericLessThan": {"s3:TlsVersion": "1.1"}}),
        ],
    ),
}
