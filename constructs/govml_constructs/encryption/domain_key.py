"""`DomainKey`: one rotating customer-managed KMS key per data domain."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import RemovalPolicy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from govml_constructs.place import place_of


class DomainKey(Construct):
    """A symmetric CMK that rotates each year and that only this account, and the named services in it, may use.

    Args:
        alias: alias without the `alias/` prefix, as in `sandbox-dev-data`.
        description: what the key protects.
        services: service principals that use the key for themselves (CloudWatch Logs, SNS publishers ...);
            each is held to requests on behalf of this account.
        removal_policy: `RETAIN` unless the environment may be destroyed with its data.

    Controls: rotation every 365 days, 30 days of pending window, no principal outside the account.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        alias: str,
        description: str,
        services: Sequence[str] = (),
        removal_policy: RemovalPolicy = RemovalPolicy.RETAIN,
    ) -> None:
        super().__init__(scope, construct_id)
        self.key = kms.Key(
            self,
            "Key",
            alias=f"alias/{alias}",
            description=description,
            enable_key_rotation=True,
            removal_policy=removal_policy,
        )
        for service in services:
            self.key.add_to_resource_policy(service_statement(self, service))


def service_statement(scope: Construct, service: str) -> iam.PolicyStatement:
    """Return the statement that lets one service use the key on behalf of this account only.

    CloudWatch Logs names the log group in its encryption context instead of `aws:SourceAccount`
    (CloudWatch Logs user guide, "Encrypt log data using AWS KMS"), so it is held by that.
    """
    place = place_of(scope)
    if service.startswith("logs."):
        conditions = {"ArnLike": {"kms:EncryptionContext:aws:logs:arn": place.arn("logs", "log-group:*")}}
    else:
        conditions = {"StringEquals": {"aws:SourceAccount": place.account}}
    return iam.PolicyStatement(
        sid=f"AllowUseBy{service.split('.', maxsplit=1)[0].title()}",
        principals=[iam.ServicePrincipal(service)],
        actions=["kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"],
        resources=["*"],  # a key policy's only resource is the key itself
        conditions=conditions,
    )
