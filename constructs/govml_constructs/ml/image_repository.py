"""`ImageRepository`: the private ECR repository of the images that jobs run in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_kms as kms
from constructs import Construct

from govml_constructs.place import PlacedConstruct


class ImageRepository(PlacedConstruct):
    """A private repository: tags cannot be moved, every push is scanned, layers are under the ML key.

    Args:
        name: repository name.
        key: key of the ML domain.
        partners: statements for roles of other environments that pull images from here.
        removal_policy: `RETAIN` unless the environment may be destroyed with its data.

    Controls: immutable tags, scan on push, customer-managed key.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        name: str,
        key: kms.IKey,
        partners: Sequence[Mapping[str, object]] = (),
        removal_policy: RemovalPolicy = RemovalPolicy.RETAIN,
    ) -> None:
        super().__init__(scope, construct_id)
        self.repository = ecr.Repository(
            self,
            "Repository",
            repository_name=name,
            encryption=ecr.RepositoryEncryption.KMS,
            encryption_key=key,
            image_scan_on_push=True,
            image_tag_mutability=ecr.TagMutability.IMMUTABLE,
            removal_policy=removal_policy,
            empty_on_delete=removal_policy == RemovalPolicy.DESTROY,
            lifecycle_rules=[
                ecr.LifecycleRule(
                    description="Untagged layers are rubbish after a month",
                    tag_status=ecr.TagStatus.UNTAGGED,
                    max_image_age=Duration.days(30),
                )
            ],
        )
        if partners:
            resource = self.repository.node.default_child
            if not isinstance(resource, ecr.CfnRepository):
                raise TypeError(f"{self.node.path}: the repository has no CloudFormation resource")
            resource.repository_policy_text = {
                "Version": "2012-10-17",
                "Statement": [dict(each) for each in partners],
            }
