"""`PackageRepository`: where builds without internet get their Python and Node packages."""

from __future__ import annotations

from aws_cdk import aws_codeartifact as codeartifact
from aws_cdk import aws_kms as kms
from constructs import Construct

from govml_constructs.identity.customer_policy import Statement
from govml_constructs.place import PlacedConstruct


class PackageRepository(PlacedConstruct):
    """A CodeArtifact domain with one repository, fed from the public package indexes by AWS itself.

    Builds stay in subnets without internet: they reach the repository through its interface endpoints, and hashes in
    the locks decide what they accept.

    Args:
        name: name of the domain and of the repository.
        key: key of the domain.
    """

    def __init__(self, scope: Construct, construct_id: str, *, name: str, key: kms.IKey) -> None:
        super().__init__(scope, construct_id)
        self.name = name
        domain = codeartifact.CfnDomain(self, "Domain", domain_name=name, encryption_key=key.key_arn)
        # a repository takes one external connection at most, hence one upstream for each index
        upstreams = []
        for index in ("pypi", "npmjs"):
            upstream = codeartifact.CfnRepository(
                self,
                index.title(),
                domain_name=domain.attr_name,
                repository_name=f"{name}-{index}",
                external_connections=[f"public:{index}"],
            )
            upstreams.append(upstream.attr_name)
        self.repository = codeartifact.CfnRepository(
            self,
            "Packages",
            domain_name=domain.attr_name,
            repository_name=name,
            description="What builds may install",
            upstreams=upstreams,
        )
        self.domain_arn = domain.attr_arn

    def read_statements(self) -> list[Statement]:
        """Return what a build needs to install packages from this repository, and only this one."""
        return [
            Statement(
                sid="ReadPackages",
                actions=[
                    "codeartifact:GetRepositoryEndpoint",
                    "codeartifact:ReadFromRepository",
                ],
                resources=[self.repository.attr_arn],
            ),
            Statement(
                sid="LogInToPackages",
                actions=["codeartifact:GetAuthorizationToken"],
                resources=[self.domain_arn],
            ),
            Statement(
                sid="GetBearerToken",
                actions=["sts:GetServiceBearerToken"],
                resources=["*"],
                conditions={"StringEquals": {"sts:AWSServiceName": "codeartifact.amazonaws.com"}},
            ),
        ]
