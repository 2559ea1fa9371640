"""Where models come from: which environment each environment takes them from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from govml.settings.agency_file import AgencyFile
    from govml.settings.environments import EnvironmentName

ORDER: Final[tuple[EnvironmentName, ...]] = ("dev", "uat", "prod")
"""The way of a model."""


def promotion_source(settings: AgencyFile, use_case: str, environment: str) -> EnvironmentName | None:
    """Return the environment that one takes a use case's models from; None: it deploys what is trained in it.

    Args:
        settings: the agency file.
        use_case: name of a use case of the file.
        environment: name of an environment of the file.
    """
    case = settings.use_cases[use_case]
    if not settings.switches.release or case.endpoint is None:
        return None
    place = [str(name) for name in ORDER].index(environment)
    earlier: list[EnvironmentName] = [name for name in ORDER[:place] if name in settings.environments]
    named = case.release.promote_from
    if named is not None and named in earlier:
        return named
    return earlier[-1] if earlier else None


def promoted_use_cases(settings: AgencyFile, environment: str) -> dict[EnvironmentName, list[str]]:
    """Return source environment -> the use cases whose models an environment takes from it."""
    found: dict[EnvironmentName, list[str]] = {}
    for use_case in settings.use_cases:
        source = promotion_source(settings, use_case, environment)
        if source is not None:
            found.setdefault(source, []).append(use_case)
    return found
