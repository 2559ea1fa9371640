"""The rules of each use case's release, as the function reads them (`govml.release.rules`)."""

from __future__ import annotations

from govml.identity.people import People
from govml.settings import Settings
from stacks.context import EnvironmentContext


def _first(settings: Settings) -> str:
    """Return the environment in which models are trained for the others."""
    return next(name for name in ("dev", "uat", "prod") if name in settings.environments)


def _name(role: str) -> str:
    """Return a role's name without its path, from the name with it or from an ARN."""
    return role.rpartition("/")[2]


def release_rules(context: EnvironmentContext, people: People) -> dict[str, dict[str, object]]:
    """Return use case -> what differs from the usual; `*` holds what all have in common.

    A function's environment takes 4 KB in all (Lambda developer guide, "Lambda quotas"), so nothing is said twice.

    Args:
        context: the environment.
        people: the roles for people.
    """
    approver, engineer = (people.role_arns.get(name, "") for name in ("approver", "ml_engineer"))
    usual = {
        "approvers": [name for name in [_name(approver)] if name],
        "operators": [name for name in (_name(engineer), _name(approver)) if name],
    }
    found: dict[str, dict[str, object]] = {"*": dict(usual)}
    for name in context.settings.served:
        use_case = context.settings.use_cases[name]
        settings = use_case.release
        own: dict[str, object] = {
            "approvers": [_name(role) for role in settings.approvers],
            "operators": [_name(role) for role in settings.approvers] if not people.role_arns else [],
            "consumers": [_name(role) for role in settings.consumers],
            "deployers": list(settings.deployers),
            "promoted": context.environment_name != _first(context.settings),
            "challenger": use_case.endpoint is not None and use_case.endpoint.challenger.kind != "none",
        }
        found[context.names.slug(name)] = {key: value for key, value in own.items() if value}
    return found
