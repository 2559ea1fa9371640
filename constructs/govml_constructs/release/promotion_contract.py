"""`PromotionContract`: what the next environment may read of this one, as the statements of every policy that says so.

One object, so that both sides say the same. Free of `aws_cdk`: stacks write these statements, tests ask them questions.

A resource's policy names a role of another account by its account and `aws:PrincipalArn`, not as its principal: S3, KMS
and ECR refuse a principal that does not exist yet, and replace one that was deleted by an id that matches nobody, so that
the two environments could be deployed in one order only (IAM user guide, "AWS JSON policy elements: Principal"). The
account is let in for that one role, and only where the role's own policies let it out as well.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from govml_constructs.pascal import pascal

PolicyStatement = dict[str, object]

USE_CASE_TAG = "govml-use-case"
"""Tag of a use case's roles, as `identity.use_case_access` sets it."""

CHECKS = "checks"
"""Prefix of the evidence bucket with the reports of checks, each below the use case."""
LEDGER = "ledger"
"""Prefix of the evidence bucket with the deployment ledgers, each below the use case."""
RELEASED = "released"
"""Folder of a use case in the artefact zone with what was released, each version below its digest."""


@dataclass(frozen=True)
class Side:
    """One environment in its account.

    Args:
        partition: `aws`, or its like.
        region: region.
        account: 12-digit account.
        prefix: what the environment's names start with, as in `sandbox-dev`.
    """

    partition: str
    region: str
    account: str
    prefix: str

    @property
    def root(self) -> str:
        """ARN that stands for the account."""
        return f"arn:{self.partition}:iam::{self.account}:root"


@dataclass(frozen=True)
class PromotionContract:
    """What crosses the border between two environments, from the source to the target, which pulls.

    Args:
        source: where models come from.
        target: where they go.
        groups: use case as AWS takes it (`hdb-resale`) -> its model package group in the source.
        promoter: ARN of the target's role that promotes.
        servers: ARN patterns of the target's roles that serve models, which pull the source's image by its digest; which
            of them, the tag of a use case tells.
        organization_id: organisation of both accounts, or None.
    """

    source: Side
    target: Side
    groups: Mapping[str, str]
    promoter: str
    servers: Sequence[str] = ()
    organization_id: str | None = None

    @property
    def crosses_accounts(self) -> bool:
        """Whether the two are in different accounts; within one, the promoter's own policy says what it may read."""
        return self.source.account != self.target.account

    def artifact_statements(self, bucket_arn: str) -> list[PolicyStatement]:
        """Return what the source's artefact bucket says: what was released may be read, and nothing beside it."""
        if not self.crosses_accounts:
            return []
        prefixes = [f"{slug}/{RELEASED}/*" for slug in sorted(self.groups)]
        return [
            self._allow("FindReleased", ["s3:ListBucket"], bucket_arn, {"StringLike": {"s3:prefix": prefixes}}),
            self._allow("ReadReleased", ["s3:GetObject"], [f"{bucket_arn}/{each}" for each in prefixes]),
        ]

    def evidence_statements(self, bucket_arn: str) -> list[PolicyStatement]:
        """Return what the source's evidence bucket says: ledgers and reports of checks may be read."""
        if not self.crosses_accounts:
            return []
        ledgers = [f"{LEDGER}/{slug}/*" for slug in sorted(self.groups)]
        checks = [f"{CHECKS}/{slug}/*" for slug in sorted(self.groups)]
        # A ledger is verified with its versions: one that was written twice or deleted shows there.
        listed = ["s3:ListBucket", "s3:ListBucketVersions"]
        return [
            self._allow("VerifyLedgers", listed, bucket_arn, {"StringLike": {"s3:prefix": ledgers}}),
            self._allow("ReadLedgers", ["s3:GetObject"], [f"{bucket_arn}/{each}" for each in (*ledgers, *checks)]),
        ]

    def key_statements(self) -> list[PolicyStatement]:
        """Return what the keys of both buckets say: decrypt, through S3 only.

        Needed within one account, too: a key names everybody who uses it.
        """
        through_s3 = {"StringEquals": {"kms:ViaService": f"s3.{self.source.region}.amazonaws.com"}}
        return [self._allow("DecryptReleasedThroughS3", ["kms:Decrypt"], "*", through_s3)]

    def group_statements(self, slug: str, group_arn: str, packages_arn: str) -> list[PolicyStatement]:
        """Return what a use case's model package group says: its versions may be seen.

        Args:
            slug: the use case as AWS takes it.
            group_arn: ARN of the group.
            packages_arn: ARN pattern of its versions, `...:model-package/<group>/*`.
        """
        if not self.crosses_accounts or slug not in self.groups:
            return []
        seen = ["sagemaker:DescribeModelPackage", "sagemaker:ListModelPackages"]
        return [
            self._allow("SeeGroup", ["sagemaker:DescribeModelPackageGroup"], group_arn),
            self._allow("SeeVersions", seen, packages_arn),
        ]

    def repository_arn(self, name: str) -> str:
        """Return the ARN of an image repository of the source."""
        side = self.source
        return f"arn:{side.partition}:ecr:{side.region}:{side.account}:repository/{name}"

    def image_statements(self) -> list[PolicyStatement]:
        """Return what the source's image repository says: the target's serving roles may pull. It names no resource."""
        if not self.crosses_accounts or not self.servers:
            return []
        pull = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
        # Names of serving roles are CloudFormation's, so they are held by their pattern and by the tag of a use case.
        tagged = {"StringEquals": {f"aws:PrincipalTag/{USE_CASE_TAG}": sorted(self.groups)}}
        return [self._allow("PullByServingRoles", pull, None, tagged, patterns=self.servers)]

    def _allow(
        self,
        sid: str,
        actions: Sequence[str],
        resources: str | Sequence[str] | None,
        conditions: Mapping[str, Mapping[str, object]] | None = None,
        *,
        patterns: Sequence[str] = (),
    ) -> PolicyStatement:
        """Let the promoter, or the roles of `patterns`, do something; `sid` is made unique by the target's name."""
        named: dict[str, object] = {"ArnEquals": {"aws:PrincipalArn": self.promoter}}
        if patterns:
            named = {"ArnLike": {"aws:PrincipalArn": list(patterns)}}
        for operator, keys in (conditions or {}).items():
            named[operator] = dict(keys)
        if self.organization_id and self.crosses_accounts:
            equal = named.get("StringEquals")
            named["StringEquals"] = {
                **(equal if isinstance(equal, dict) else {}),
                "aws:PrincipalOrgID": self.organization_id,
            }
        statement: PolicyStatement = {
            "Sid": sid + pascal(self.target.prefix),
            "Effect": "Allow",
            "Principal": {"AWS": self.target.root},
            "Action": list(actions),
        }
        if resources is not None:
            statement["Resource"] = resources if isinstance(resources, str) else list(resources)
        return {**statement, "Condition": named}


def promoter_key_statement(side: Side, promoter: str) -> PolicyStatement:
    """Return what the keys of an environment say of its own promoter: use through S3 only.

    Args:
        side: the environment.
        promoter: ARN of its promoter, which need not exist yet.
    """
    return {
        "Sid": "UseByPromoterThroughS3",
        "Effect": "Allow",
        "Principal": {"AWS": side.root},
        "Action": ["kms:Decrypt", "kms:GenerateDataKey"],
        "Resource": "*",
        "Condition": {
            "ArnEquals": {"aws:PrincipalArn": promoter},
            "StringEquals": {"kms:ViaService": f"s3.{side.region}.amazonaws.com"},
        },
    }
