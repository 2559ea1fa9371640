"""`DomainKey`: one rotating customer-managed KMS key per data domain, made or imported."""

from __future__ import annotations

from typing import cast

from aws_cdk import RemovalPolicy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from govml_constructs.encryption.key_policy import KeyUsers, key_policy
from govml_constructs.place import PlacedConstruct


class DomainKey(PlacedConstruct):
    """A symmetric CMK that rotates each year and that only the roles, people and services named for it may use.

    Args:
        alias: alias without the `alias/` prefix, as in `sandbox-dev-data`.
        description: what the key protects.
        users: who may use and administer it.
        imported: ARN of a key to use instead; nothing is made then, and its own policy must let in the same users.
        removal_policy: `RETAIN` unless the environment may be destroyed with its data.

    Controls: rotation every 365 days, 30 days of pending window, no use by a principal that is not named, by role or by
    the pattern of its ARN, no right to use for whoever administers.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        alias: str,
        description: str,
        users: KeyUsers,
        imported: str | None = None,
        removal_policy: RemovalPolicy = RemovalPolicy.RETAIN,
    ) -> None:
        super().__init__(scope, construct_id)
        self.key: kms.IKey
        if imported:
            self.key = kms.Key.from_key_arn(self, "Key", imported)
            return
        made = kms.Key(
            self,
            "Key",
            alias=f"alias/{alias}",
            description=description,
            enable_key_rotation=True,
            policy=iam.PolicyDocument.from_json(key_policy(users)),
            removal_policy=removal_policy,
        )
        self.key = cast(
            "kms.IKey", made
        )  # jsii names a parameter of the interface otherwise than the class (aws/jsii 4541)
