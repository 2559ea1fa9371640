"""`Target`: where a deployment goes and which names are its own; everything that a policy is held to."""

from __future__ import annotations

from dataclasses import dataclass

from govml.settings import Settings
from govml.settings.names import Names


@dataclass(frozen=True)
class Target:
    """One environment in its account.

    Args:
        account: 12-digit account id.
        region: the only region of regional services.
        roots: beginnings of the names that are the environment's own, as in `sandbox-dev-` and `/govml/sandbox/dev/`.
        prefix: prefix of its stacks and of its policies, as in `sandbox-dev`.
        qualifier: qualifier of `cdk bootstrap`.
        permissions_boundary: name of the boundary that every role must carry, or None.
        asset_bucket: bucket from which CloudFormation reads code.
        partition: AWS partition.
    """

    account: str
    region: str
    roots: tuple[str, ...]
    prefix: str
    qualifier: str
    permissions_boundary: str | None
    asset_bucket: str
    partition: str = "aws"

    @property
    def boundary_arn(self) -> str | None:
        """ARN of the boundary, or None."""
        return self.policy_arn(self.permissions_boundary) if self.permissions_boundary else None

    def policy_arn(self, name: str, *, path: str = "/") -> str:
        """ARN of a customer-managed policy."""
        return f"arn:{self.partition}:iam::{self.account}:policy{path}{name}"

    def fill(self, template: str, name: str) -> str:
        """Fill an ARN template of `data/names.toml`."""
        return template.format(
            partition=self.partition,
            region=self.region,
            account=self.account,
            name=name,
            bare=name.removeprefix("/"),
        )


def target(settings: Settings, environment: str, *, asset_bucket: str | None = None) -> Target:
    """Return the target of one environment of an agency file.

    Args:
        settings: the agency file.
        environment: environment of that file.
        asset_bucket: bucket of the code; default: the one that `cdk bootstrap` makes.

    Raises:
        UserError: the file has no such environment.
    """
    account = settings.environment(environment).account
    names = Names(settings.agency, environment)
    qualifier = settings.bootstrap.qualifier
    return Target(
        account=account,
        region=settings.region,
        roots=(f"{names.prefix}-", f"alias/{names.prefix}-", f"{names.parameter()}/", f"/{names.prefix}-"),
        prefix=names.prefix,
        qualifier=qualifier,
        permissions_boundary=settings.iam.permissions_boundary,
        asset_bucket=asset_bucket or f"cdk-{qualifier}-assets-{account}-{settings.region}",
    )
