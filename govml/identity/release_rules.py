"""The rules of each use case's release, as the release function and the command line read them (`govml.release.rules`)."""

from __future__ import annotations

from govml.identity.key_users import Where, people_of
from govml.identity.promotion import promoter_arn
from govml.settings import Names, Settings
from govml.settings.promotion import promotion_source

FUNCTION_PLACE = "Release/Trigger/Release/Role"
"""Where the release function's role stands, by which an existing role is imported."""


def release_rules(settings: Settings, environment: str) -> dict[str, dict[str, object]]:
    """Return use case as AWS takes it -> what differs from the usual; `*` holds what all have in common.

    A function's environment takes 4 KB in all (Lambda developer guide, "Lambda quotas"), so nothing is said twice.

    Args:
        settings: the agency file.
        environment: `dev`, `uat` or `prod`.

    Raises:
        UserError: the file has no such environment.
    """
    people = people_of(settings, environment)
    approver, engineer = (role_name(people.role_arns.get(name, "")) for name in ("approver", "ml_engineer"))
    usual = {"approvers": [approver], "operators": [engineer, approver]} if people.role_arns else {}
    found: dict[str, dict[str, object]] = {"*": dict(usual)}
    names = Names(settings.agency, environment)
    for name, endpoint in settings.served.items():
        release = settings.use_cases[name].release
        approvers = [role_name(role) for role in release.approvers]
        own: dict[str, object] = {
            "approvers": approvers,
            "operators": [] if people.role_arns else approvers,
            "consumers": [role_name(role) for role in release.consumers],
            "deployers": list(release.deployers),
            "promoted": promotion_source(settings, name, environment) is not None,
            "challenger": endpoint.challenger.kind != "none",
        }
        found[names.slug(name)] = {key: value for key, value in own.items() if value}
    return found


def release_writers(settings: Settings, environment: str, where: Where) -> list[str]:
    """Return who alone writes the ledger and released archives: the release function's role first, then the promoter's.

    Empty where nothing is released. CloudFormation starts the name of every role that a stack makes with the stack's.

    Args:
        settings: the agency file.
        environment: `dev`, `uat` or `prod`.
        where: partition, region and account as the policy is to name them.

    Raises:
        UserError: the file has no such environment.
    """
    if not settings.switches.release or not settings.served:
        return []
    path, names = settings.iam.role_path, Names(settings.agency, environment)
    imported = settings.environment(environment).imported.roles.get(FUNCTION_PLACE)
    function = imported.split(":role/", 1)[1] if imported else f"{path}{names.release_stack()}-*"
    promoter = promoter_arn(settings, environment).split(":role/", 1)[1]
    return [where.role(function), where.role(promoter)]


def role_name(role: str) -> str:
    """Return a role's name without its path, from the name with it or from an ARN."""
    return role.rpartition("/")[2]
