"""Policies of VPC endpoints: who may call through them, and whose resources may be reached."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from govml_constructs.place import pseudo_parameters

# Calls whose resource belongs to AWS or to nobody (foundation models, images of AWS, sign-ins), so that a condition on its
# owner would refuse them. The caller's account or organisation is still required, and everything else that the service
# offers reaches resources of ours only: an image is pushed to no other account, no role of another account is taken on.
_PULL = [
    "ecr:BatchCheckLayerAvailability",
    "ecr:BatchGetImage",
    "ecr:GetAuthorizationToken",
    "ecr:GetDownloadUrlForLayer",
]
_NO_RESOURCE_OWNER: Mapping[str, list[str]] = {
    "bedrock-runtime": ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"],
    "codeconnections.api": ["*"],  # the documentation of connections names no key for a resource's owner
    "ecr.api": _PULL,
    "ecr.dkr": _PULL,
    "sts": ["sts:DecodeAuthorizationMessage", "sts:GetCallerIdentity", "sts:GetServiceBearerToken"],
}

# ECR keeps image layers in a bucket of its own (ECR user guide, "Minimum Amazon S3 bucket permissions for Amazon ECR").
_ECR_LAYER_BUCKET = "prod-{region}-starport-layer-bucket"
# CodeArtifact keeps npm packages in a bucket of its own, in a different account in each region (CodeArtifact user guide,
# "Minimum Amazon S3 bucket permissions for AWS CodeArtifact"); Python packages need none.
_PACKAGE_BUCKET_ACCOUNTS = {"ap-southeast-1": "421485864821"}


# What a promotion reads in the account that a model comes from; there, policies say which of it.
_PROMOTION: Mapping[str, list[str]] = {
    "s3": ["s3:GetObject", "s3:ListBucket", "s3:ListBucketVersions"],
    "sagemaker.api": [
        "sagemaker:DescribeModelPackage",
        "sagemaker:DescribeModelPackageGroup",
        "sagemaker:ListModelPackages",
    ],
}


def service_buckets(region: str) -> list[str]:
    """Return the buckets of AWS from which jobs and builds download: image layers, and packages where they are known."""
    buckets = [_ECR_LAYER_BUCKET.format(region=region)]
    if region in _PACKAGE_BUCKET_ACCOUNTS:
        buckets.append(f"assets-{_PACKAGE_BUCKET_ACCOUNTS[region]}-{region}")
    return buckets


def endpoint_policy(
    service: str, region: str, organization_id: str | None = None, sources: Sequence[str] = ()
) -> dict[str, object]:
    """Return an endpoint's policy: callers of ours, and resources of ours where the service has any.

    Ours is what belongs to this account, or to the organisation when one is named. The keys are `aws:PrincipalAccount`
    and `aws:ResourceAccount`, or `aws:PrincipalOrgID` and `aws:ResourceOrgID` (IAM user guide, "AWS global condition
    context keys").

    Args:
        service: short service name.
        region: region of the endpoint, whose buckets of AWS it may read.
        organization_id: AWS Organizations id; None: this account only.
        sources: further accounts, from which models are promoted: what was released there may be read.

    Returns:
        The policy as plain JSON (endpoint policies take no CDK object at the L1).
    """
    partition, _, account = pseudo_parameters()
    kind, owner = ("OrgID", organization_id) if organization_id else ("Account", account)
    caller = {f"aws:Principal{kind}": owner}
    statements: list[dict[str, object]] = [
        {
            "Sid": "OnlyThisOrganisation" if organization_id else "OnlyThisAccount",
            "Effect": "Allow",
            "Principal": "*",
            "Action": "*",
            "Resource": "*",
            "Condition": {"StringEquals": {**caller, f"aws:Resource{kind}": owner}},
        }
    ]
    if service in _NO_RESOURCE_OWNER:
        statements.append(
            {
                "Sid": "ReachWhatNobodyOwns",
                "Effect": "Allow",
                "Principal": "*",
                "Action": _NO_RESOURCE_OWNER[service],
                "Resource": "*",
                "Condition": {"StringEquals": caller},
            }
        )
    if service in _PROMOTION and sources and not organization_id:
        statements.append(
            {
                "Sid": "ReadReleasedModels",
                "Effect": "Allow",
                "Principal": "*",
                "Action": _PROMOTION[service],
                "Resource": "*",
                "Condition": {"StringEquals": {"aws:PrincipalAccount": account, "aws:ResourceAccount": list(sources)}},
            }
        )
    if service == "s3":
        statements.append(
            {
                # Read-only and without a condition: the services sign these downloads themselves, so the caller that
                # S3 sees is not of this account.
                "Sid": "ReadWhatServicesStore",
                "Effect": "Allow",
                "Principal": "*",
                "Action": "s3:GetObject",
                "Resource": [f"arn:{partition}:s3:::{bucket}/*" for bucket in service_buckets(region)],
            }
        )
    return {"Version": "2012-10-17", "Statement": statements}
