"""The rules of each use case's release, as the release function and the command line read them (`govml.release.rules`)."""

from __future__ import annotations

from govml.identity.key_users import people_of
from govml.settings import Names, Settings


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
            "promoted": environment != _first(settings),
            "challenger": endpoint.challenger.kind != "none",
        }
        found[names.slug(name)] = {key: value for key, value in own.items() if value}
    return found


def role_name(role: str) -> str:
    """Return a role's name without its path, from the name with it or from an ARN."""
    return role.rpartition("/")[2]


def _first(settings: Settings) -> str:
    """Return the environment in which models are trained for the others."""
    return next(name for name in ("dev", "uat", "prod") if name in settings.environments)
