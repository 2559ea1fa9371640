"""Where models come from: which environment each environment takes them from, and what it shares with another account."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from govml.settings.base import SettingsModel
from govml.settings.finding import Finding, Rule
from govml.settings.imported import BucketName, KeyArn

if TYPE_CHECKING:
    from govml.settings.environments import EnvironmentName
    from govml.settings.root import Settings

ORDER: Final[tuple[EnvironmentName, ...]] = ("dev", "uat", "prod")
"""The way of a model."""


class SharedSettings(SettingsModel):
    """Stores of this environment that the next one, in another account, reads when it promotes a model."""

    artifacts_bucket: BucketName
    """Bucket of the artefact zone."""

    evidence_bucket: BucketName
    """Bucket of the evidence, with the ledger."""

    ml_key: KeyArn
    """Key of the artefact zone."""

    logs_key: KeyArn
    """Key of the evidence."""


def promotion_source(settings: Settings, use_case: str, environment: str) -> EnvironmentName | None:
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


def promoted_use_cases(settings: Settings, environment: str) -> dict[EnvironmentName, list[str]]:
    """Return source environment -> the use cases whose models an environment takes from it."""
    found: dict[EnvironmentName, list[str]] = {}
    for use_case in settings.use_cases:
        source = promotion_source(settings, use_case, environment)
        if source is not None:
            found.setdefault(source, []).append(use_case)
    return found


def shared_keys_are_of_the_environment(settings: Settings) -> Iterator[Finding]:
    """What an environment shares is its own."""
    for name, environment in settings.environments.items():
        if environment.shared is None:
            continue
        for key in ("ml_key", "logs_key"):
            region, account = getattr(environment.shared, key).split(":")[3:5]
            if (region, account) != (settings.region, environment.account):
                yield Finding(
                    ("environments", name, "shared", key),
                    f"is a key of account {account} in {region}, not of {environment.account} in {settings.region}",
                    f"take what `govml release shared --environment {name}` prints",
                )


PROMOTION_RULES: tuple[Rule, ...] = (Rule(shared_keys_are_of_the_environment, frozenset({"environments", "region"})),)
