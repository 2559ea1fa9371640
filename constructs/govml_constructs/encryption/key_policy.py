"""What a key's policy says, as plain data. Free of `aws_cdk`: `govml` checks imported keys against the same statements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

KeyStatement = dict[str, object]

_READ = ["kms:Decrypt", "kms:DescribeKey"]
_WRITE = [*_READ, "kms:GenerateDataKey"]
_USE = [*_WRITE, "kms:Encrypt", "kms:GenerateDataKeyWithoutPlaintext", "kms:ReEncryptFrom", "kms:ReEncryptTo"]
_CHANGE = [
    "kms:CancelKeyDeletion",
    "kms:CreateAlias",
    "kms:DeleteAlias",
    "kms:DisableKey",
    "kms:DisableKeyRotation",
    "kms:EnableKey",
    "kms:EnableKeyRotation",
    "kms:PutKeyPolicy",
    "kms:RevokeGrant",
    "kms:RotateKeyOnDemand",
    "kms:ScheduleKeyDeletion",
    "kms:TagResource",
    "kms:UntagResource",
    "kms:UpdateAlias",
    "kms:UpdateKeyDescription",
]
_LOOK = [
    "kms:DescribeKey",
    "kms:GetKeyPolicy",
    "kms:GetKeyRotationStatus",
    "kms:ListGrants",
    "kms:ListKeyPolicies",
    "kms:ListKeyRotations",
    "kms:ListResourceTags",
]


# Cost Management user guide, "Creating an Amazon SNS topic for budget notifications"; anomaly alerts publish alike.
# SNS itself writes what a receiver does not take to a queue (SNS developer guide, "Dead-letter queues").
# Managed Prometheus user guide, "Giving Amazon Managed Service for Prometheus permission to send alert messages to your Amazon
# SNS topic": its alert manager needs the same two.
_PUBLISHERS = ("aps.amazonaws.com", "budgets.amazonaws.com", "costalerts.amazonaws.com", "sns.amazonaws.com")


@dataclass(frozen=True)
class KeyUsers:
    """Who may do what with a key, in one account and region.

    Args:
        partition: `aws`, or its like.
        region: region of the key.
        account: account of the key.
        role_patterns: ARN patterns of the environment's own roles, which use the key for their data.
        deployer_patterns: ARN patterns of the roles that deploy: through AWS services only.
        administrators: ARNs of the roles that alone may change the key; empty: whoever IAM lets in this account.
        readers: ARNs of roles for people that may decrypt through S3; they must exist.
        writers: ARNs of roles for people that may encrypt and decrypt through S3; they must exist.
        account_through: AWS services (`bedrock`, `sqs`) through which whoever IAM lets in this account may use the key.
        services: service principals that use the key for themselves, on behalf of this account.
        partners: further statements, for roles of the environments that take models from this one.
    """

    partition: str
    region: str
    account: str
    role_patterns: Sequence[str]
    deployer_patterns: Sequence[str]
    administrators: Sequence[str] = ()
    readers: Sequence[str] = ()
    writers: Sequence[str] = ()
    account_through: Sequence[str] = ()
    services: Sequence[str] = ()
    partners: Sequence[KeyStatement] = ()

    @property
    def root(self) -> str:
        """ARN that stands for the account: its policies decide who of it (KMS developer guide, "Default key policy")."""
        return f"arn:{self.partition}:iam::{self.account}:root"


def key_policy(users: KeyUsers) -> dict[str, object]:
    """Return the whole policy of a key that the blueprint makes."""
    return {"Version": "2012-10-17", "Statement": [*administration_statements(users), *use_statements(users)]}


def administration_statements(users: KeyUsers) -> list[KeyStatement]:
    """Return who may look at and change the key. None of it is a right to use it.

    The account's root keeps the right to change the policy without a condition: KMS refuses a key whose policy its
    creator could not change again, and a key that nobody can administer is lost (KMS developer guide, "Default key
    policy"). Named administrators are enforced by a deny beside it.
    """
    statements = [_allow("AdministerThroughIam", {"AWS": users.root}, [*_CHANGE, *_LOOK])]
    if users.administrators:
        admitted = [*users.administrators, *users.deployer_patterns, users.root]
        statements.append(
            {
                "Sid": "OnlyNamedAdministrators",
                "Effect": "Deny",
                "Principal": {"AWS": "*"},
                "Action": _CHANGE,
                "Resource": "*",
                "Condition": {"ArnNotLike": {"aws:PrincipalArn": admitted}},
            }
        )
    return statements


def use_statements(users: KeyUsers) -> list[KeyStatement]:
    """Return who may use the key; an imported key must have the like of these.

    Roles of later stacks are not known when the key is made, so they are named by the pattern of their ARN, which
    `aws:PrincipalArn` holds for every session of a role (IAM user guide, "AWS global condition context keys").
    """
    ours: Mapping[str, object] = {"ArnLike": {"aws:PrincipalArn": list(users.role_patterns)}}
    deployers = {"ArnLike": {"aws:PrincipalArn": list(users.deployer_patterns)}}
    through_services = {"StringLike": {"kms:ViaService": f"*.{users.region}.amazonaws.com"}}
    for_services = {"Bool": {"kms:GrantIsForAWSResource": "true"}}
    account: dict[str, object] = {"AWS": users.root}
    statements = [
        _allow("UseByRolesOfTheEnvironment", account, _USE, ours),
        _allow("LetServicesUseItForThoseRoles", account, ["kms:CreateGrant"], {**ours, **for_services}),
        _allow("UseByDeploymentThroughServices", account, _USE, {**deployers, **through_services}),
        _allow("LetServicesUseItForDeployment", account, ["kms:CreateGrant"], {**deployers, **for_services}),
    ]
    through_s3 = {"StringEquals": {"kms:ViaService": f"s3.{users.region}.amazonaws.com"}}
    if users.readers:
        statements.append(_allow("DecryptByPeopleThroughS3", {"AWS": list(users.readers)}, _READ, through_s3))
    if users.writers:
        statements.append(_allow("UseByPeopleThroughS3", {"AWS": list(users.writers)}, _WRITE, through_s3))
    if users.account_through:
        via = [f"{service}.{users.region}.amazonaws.com" for service in users.account_through]
        conditions = {"StringEquals": {"kms:ViaService": via}}
        statements.append(_allow("UseByAccountThroughServices", account, _WRITE, conditions))
    return [*statements, *(_service_statement(users, service) for service in users.services), *users.partners]


def _service_statement(users: KeyUsers, service: str) -> KeyStatement:
    """Let one service use the key on behalf of this account only.

    CloudWatch Logs names the log group in its encryption context instead of `aws:SourceAccount` (CloudWatch Logs user
    guide, "Encrypt log data using AWS KMS"), so it is held by that. EventBridge sends neither to the key of an encrypted
    topic or queue, so a condition would lose every event (SNS developer guide, "Key management"): the policies of the topic
    and the queue hold it to this account.
    """
    conditions: dict[str, object] | None
    if service == "events.amazonaws.com":
        conditions = None
    elif service.startswith("logs."):
        groups = f"arn:{users.partition}:logs:{users.region}:{users.account}:log-group:*"
        conditions = {"ArnLike": {"kms:EncryptionContext:aws:logs:arn": groups}}
    else:
        conditions = {"StringEquals": {"aws:SourceAccount": users.account}}
    actions = ["kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"]
    if conditions is None or service in _PUBLISHERS:
        actions = ["kms:Decrypt", "kms:GenerateDataKey"]  # what a publisher needs, and no more
    if service == "indexing.s3vectors.amazonaws.com":  # S3 user guide, "Data protection and encryption in S3 Vectors"
        actions = ["kms:Decrypt"]
    sid = f"AllowUseBy{service.split('.', maxsplit=1)[0].title()}"
    return _allow(sid, {"Service": service}, actions, conditions)


def _allow(
    sid: str, principal: dict[str, object], actions: list[str], conditions: Mapping[str, object] | None = None
) -> KeyStatement:
    # a key policy's only resource is the key itself
    statement: KeyStatement = {
        "Sid": sid,
        "Effect": "Allow",
        "Principal": principal,
        "Action": actions,
        "Resource": "*",
    }
    return {**statement, "Condition": dict(conditions)} if conditions else statement
