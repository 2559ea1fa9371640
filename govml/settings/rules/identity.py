"""Rules between fields on identities, keys and the class of the data; `govml.settings.rules.all_rules` judges them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import TYPE_CHECKING

from govml.settings.rules.finding import Finding, Rule

if TYPE_CHECKING:
    from govml.settings.agency_file import AgencyFile
    from govml.settings.environments import EnvironmentSettings
    from govml.settings.iam import PersonaName

_DOERS: tuple[PersonaName, ...] = ("data_scientist", "ml_engineer", "data_engineer")
_EVERYBODY: tuple[PersonaName, ...] = (*_DOERS, "approver", "auditor")


def class_allows_removal(settings: AgencyFile) -> Iterator[Finding]:
    """Data of some classes is never deleted by a tear-down, wherever it stands."""
    if settings.handling.may_be_destroyed:
        return
    for name, environment in settings.environments.items():
        if environment.removal == "destroy" and name != "prod":  # prod has a rule of its own
            yield Finding(
                ("environments", name, "removal"),
                f"destroy is refused for {settings.data_classification} data",
                "leave it out (retain); only official-open to restricted data may be deleted with its environment",
            )


def class_decides_log_retention(settings: AgencyFile) -> Iterator[Finding]:
    """The class of the data sets the shortest time that logs are kept."""
    least, given = settings.handling.log_retention_days, settings.observability.log_retention_days
    if given < least:
        yield Finding(
            ("observability", "log_retention_days"),
            f"{settings.data_classification} data needs logs of at least {least} days, not {given}",
            f"write {least} or more, or leave it out",
        )


def personas_need_trust(settings: AgencyFile) -> Iterator[Finding]:
    """A role for people that nobody may take is useless, and no default can know who may."""
    trust = settings.iam.personas
    if settings.switches.personas and (trust is None or not (trust.identity_provider or trust.trusted_roles)):
        yield Finding(
            ("iam", "personas"),
            "personas is on, but nobody may take the roles",
            "name iam.personas.identity_provider or trusted_roles, or turn features.personas off",
        )


def every_persona_is_trusted_by_somebody(settings: AgencyFile) -> Iterator[Finding]:
    """Without an identity provider, each role for people needs a role that may assume it."""
    trust = settings.iam.personas
    if not settings.switches.personas or trust is None or trust.identity_provider or not trust.trusted_roles:
        return
    missing = [name for name in _EVERYBODY if name not in trust.trusted_roles]
    if missing:
        yield Finding(
            ("iam", "personas", "trusted_roles"),
            f"nobody may take {', '.join(missing)}",
            "name a role for each, or an identity_provider",
        )


def approver_is_somebody_else(settings: AgencyFile) -> Iterator[Finding]:
    """Who trains or deploys a model is not the one who approves it (AI Verify 9.4.1)."""
    trusted = settings.iam.personas.trusted_roles if settings.iam.personas else {}
    for doer in _DOERS:
        both = set(trusted.get("approver", ())) & set(trusted.get(doer, ()))
        for role in sorted(both):
            yield Finding(
                ("iam", "personas", "trusted_roles", "approver"),
                f"{role} may be both approver and {doer}: whoever trains or deploys a model may not approve it",
                "give approval to a role of its own",
            )


def imports_are_of_the_environment(settings: AgencyFile) -> Iterator[Finding]:
    """A role or key of another account or region would be refused at deployment, or would move data there."""
    for name, environment in settings.environments.items():
        for path, arn in _imported_arns(environment):
            _, partition, _, region, account, *_ = arn.split(":", 5)
            wrong = [
                f"{kind} {found}, not {wanted}"
                for kind, found, wanted in (
                    ("partition", partition, "aws"),
                    ("account", account, environment.account),
                    ("region", region or settings.region, settings.region),
                )
                if found != wanted
            ]
            if wrong:
                yield Finding(
                    ("environments", name, "imported", *path),
                    f"{arn} is of {' and '.join(wrong)}",
                    "name one of this environment's own account and region",
                )


def buckets_are_imported_once(settings: AgencyFile) -> Iterator[Finding]:
    """Bucket names are unique: two zones, or two environments, in one bucket would not be apart."""
    seen: dict[str, str] = {}
    for name, environment in settings.environments.items():
        for zone, bucket in environment.imported.buckets.items():
            if bucket in seen:
                yield Finding(
                    ("environments", name, "imported", "buckets", zone),
                    f"{bucket} is {seen[bucket]} already",
                    "give each zone of each environment a bucket of its own",
                )
            seen.setdefault(bucket, f"zone {zone} of {name}")


def domains_have_their_own_keys(settings: AgencyFile) -> Iterator[Finding]:
    """A key for two domains lets whoever reads one read the other."""
    for name, environment in settings.environments.items():
        keys = list(environment.imported.keys.items())
        for (first, one), (second, other) in product(keys, keys):
            if first < second and one == other:
                yield Finding(
                    ("environments", name, "imported", "keys", second),
                    f"is the key of {first} too: domains need keys of their own",
                    "name another key, or leave one out to have it made",
                )


def _imported_arns(environment: EnvironmentSettings) -> Iterator[tuple[tuple[str, str], str]]:
    for place, arn in environment.imported.roles.items():
        yield ("roles", place), arn
    for domain, arn in environment.imported.keys.items():
        yield ("keys", domain), arn


_SWITCHES = frozenset({"maturity", "features"})

IDENTITY_RULES: tuple[Rule, ...] = (
    Rule(class_allows_removal, frozenset({"data_classification", "environments"})),
    Rule(class_decides_log_retention, frozenset({"data_classification", "observability"})),
    Rule(personas_need_trust, _SWITCHES | {"iam"}),
    Rule(every_persona_is_trusted_by_somebody, _SWITCHES | {"iam"}),
    Rule(approver_is_somebody_else, frozenset({"iam"})),
    Rule(imports_are_of_the_environment, frozenset({"environments", "region"})),
    Rule(buckets_are_imported_once, frozenset({"environments"})),
    Rule(domains_have_their_own_keys, frozenset({"environments"})),
)
