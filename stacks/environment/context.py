"""What every stack of an environment knows: the agency file, resolved for one environment."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from aws_cdk import RemovalPolicy

from govml.settings import Settings
from govml.settings.environments import EnvironmentSettings
from govml.settings.features import Switches
from govml.settings.names import Names
from govml_constructs.identity.service_role import RoleRules
from govml_constructs.ml.code_archive import ReadFolders
from govml_constructs.place import pseudo_parameters

REPOSITORY = Path(__file__).resolve().parents[2]


def agency_file(given: str) -> Path:
    """Return the path of an agency file, relative to the repository when it lies there.

    Builds find the file by this path, and no template may tell on which machine it was made.
    """
    path = Path(given)
    return path.relative_to(REPOSITORY) if path.is_relative_to(REPOSITORY) else path


@dataclass(frozen=True)
class EnvironmentContext:
    """One environment of one agency.

    Args:
        settings: the whole agency file.
        environment_name: `dev`, `uat` or `prod`.
        config_path: the agency file's path relative to the repository, as CI will name it.
        allow_destroy: the second key: stateful resources may go only when this *and* `removal: destroy` agree.
    """

    settings: Settings
    environment_name: str
    config_path: str
    allow_destroy: bool = False

    @property
    def environment(self) -> EnvironmentSettings:
        """Settings of this environment."""
        return self.settings.environment(self.environment_name)

    @property
    def names(self) -> Names:
        """Names within this environment."""
        return Names(self.settings.agency, self.environment_name)

    @property
    def switches(self) -> Switches:
        """The components that are on."""
        return self.settings.switches

    @cached_property
    def role_rules(self) -> RoleRules:
        """Path and permissions boundary of every role, and the roles that exist already."""
        iam = self.settings.iam
        return RoleRules(
            path=iam.role_path,
            permissions_boundary=iam.permissions_boundary,
            imported={str(place): portable(arn) for place, arn in self.environment.imported.roles.items()},
        )

    @cached_property
    def read_folders(self) -> ReadFolders:
        """Return what has been read for code archives; empty at first."""
        return {}

    @property
    def removal_policy(self) -> RemovalPolicy:
        """`DESTROY` only when both keys agree, else `RETAIN`."""
        destroy = self.allow_destroy and self.environment.removal == "destroy"
        return RemovalPolicy.DESTROY if destroy else RemovalPolicy.RETAIN

    @property
    def account_owner(self) -> str:
        """Name of the environment that makes what exists once per account: the first in the file with this account."""
        account = self.environment.account
        return next(name for name, each in self.settings.environments.items() if each.account == account)

    @property
    def tags(self) -> dict[str, str]:
        """Tags of everything: the agency's own, cost allocation, environment and the class of the data."""
        return {
            **self.settings.tags,
            "Project-Code": self.settings.project_code,
            "Environment": self.environment_name,
            "Agency": self.settings.agency,
            "Data-Classification": self.settings.data_classification,
        }


def portable(arn: str) -> str:
    """Return an ARN of this environment's own account and region with pseudo parameters in their place.

    The agency file is refused where an imported ARN is of another account, region or partition.
    """
    _, _, service, region, _, resource = arn.split(":", 5)
    partition, own_region, own_account = pseudo_parameters()
    return f"arn:{partition}:{service}:{own_region if region else ''}:{own_account}:{resource}"
