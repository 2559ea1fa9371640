"""`PrivateEndpoints`: the interface endpoints that replace the internet, each with a policy."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import Aws, Stack
from aws_cdk import aws_ec2 as ec2
from constructs import Construct

# Services whose resources belong to AWS or to nobody (foundation models, temporary credentials), so that a condition on
# the resource's account would refuse every call. The caller's account is still required.
_NO_RESOURCE_ACCOUNT = frozenset({"bedrock-runtime", "sts", "ecr.api", "ecr.dkr", "codeconnections.api"})

# ECR keeps image layers in a bucket of its own (ECR user guide, "Minimum Amazon S3 bucket permissions for Amazon ECR").
_ECR_LAYER_BUCKET = "prod-{region}-starport-layer-bucket"
# CodeArtifact keeps npm packages in a bucket of its own, in a different account in each region (CodeArtifact user guide,
# "Minimum Amazon S3 bucket permissions for AWS CodeArtifact"); Python packages need none.
_PACKAGE_BUCKET_ACCOUNTS = {"ap-southeast-1": "421485864821"}


class PrivateEndpoints(Construct):
    """Interface endpoints with private DNS, for callers and resources of this account only.

    Args:
        vpc_id: the VPC.
        subnet_ids: one subnet a zone; each endpoint takes one address in each.
        security_group_id: group of the endpoint tier.
        services: short service names as AWS spells them after the region (`kms`, `ecr.api`, `sagemaker.api`, `s3`),
            or whole names for the ones spelt otherwise (`aws.sagemaker.<region>.studio`).

    Controls: private DNS, a policy on every endpoint, only the endpoint tier's group.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        vpc_id: str,
        subnet_ids: Sequence[str],
        security_group_id: str,
        services: Sequence[str],
    ) -> None:
        super().__init__(scope, construct_id)
        stack = Stack.of(self)
        self.endpoint_ids: dict[str, str] = {}
        for service in services:
            endpoint = ec2.CfnVPCEndpoint(
                self,
                "".join(part.title() for part in service.replace(stack.region, "").replace("-", ".").split(".")),
                vpc_id=vpc_id,
                vpc_endpoint_type="Interface",
                service_name=service if service.startswith("aws.") else f"com.amazonaws.{stack.region}.{service}",
                subnet_ids=list(subnet_ids),
                security_group_ids=[security_group_id],
                private_dns_enabled=True,
                dns_options=_ALL_RESOLVERS if service == "s3" else None,
                policy_document=endpoint_policy(service, stack),
            )
            self.endpoint_ids[service] = endpoint.ref


# Without this, private DNS of the S3 endpoint answers only queries from on-premises resolvers and asks for a gateway
# endpoint beside it (VPC user guide, "Private DNS for Amazon S3").
_ALL_RESOLVERS = ec2.CfnVPCEndpoint.DnsOptionsSpecificationProperty(
    private_dns_only_for_inbound_resolver_endpoint="AllResolvers"
)


def service_buckets(region: str) -> list[str]:
    """Return the buckets of AWS from which jobs and builds download: image layers, and packages where they are known."""
    buckets = [_ECR_LAYER_BUCKET.format(region=region)]
    if region in _PACKAGE_BUCKET_ACCOUNTS:
        buckets.append(f"assets-{_PACKAGE_BUCKET_ACCOUNTS[region]}-{region}")
    return buckets


def endpoint_policy(service: str, stack: Stack) -> dict[str, object]:
    """Return an endpoint's policy: callers of this account, and resources of this account where the service has any.

    Args:
        service: short service name.
        stack: the stack whose account, region and partition the policy names.

    Returns:
        The policy as plain JSON (endpoint policies take no CDK object at the L1).
    """
    condition: dict[str, object] = {"aws:PrincipalAccount": stack.account}
    if service not in _NO_RESOURCE_ACCOUNT:
        condition["aws:ResourceAccount"] = stack.account
    statements: list[dict[str, object]] = [
        {
            "Sid": "OnlyThisAccount",
            "Effect": "Allow",
            "Principal": "*",
            "Action": "*",
            "Resource": "*",
            "Condition": {"StringEquals": condition},
        }
    ]
    if service == "s3":
        statements.append(
            {
                # Read-only and without a condition: the services sign these downloads themselves, so the caller that
                # S3 sees is not of this account.
                "Sid": "ReadWhatServicesStore",
                "Effect": "Allow",
                "Principal": "*",
                "Action": "s3:GetObject",
                "Resource": [f"arn:{Aws.PARTITION}:s3:::{bucket}/*" for bucket in service_buckets(stack.region)],
            }
        )
    return {"Version": "2012-10-17", "Statement": statements}
