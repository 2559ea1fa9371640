"""Rules of what shows the whole agency: somebody can sign in to Grafana, and it and the overview stand somewhere."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from govml.settings.rules.finding import Finding, Rule

if TYPE_CHECKING:
    from govml.settings.agency_file import AgencyFile

_PLACE = ("observability", "grafana")
_NEEDS = frozenset({"maturity", "features", "observability"})


def grafana_needs_sign_in(settings: AgencyFile) -> Iterator[Finding]:
    """The service has no users of its own."""
    if settings.switches.managed_grafana and settings.observability.grafana is None:
        yield Finding(
            _PLACE,
            "managed_grafana is on, but neither Identity Center nor SAML is configured, and the service signs people in by "
            "these alone",
            "add observability.grafana with environment and authentication, or turn features.managed_grafana off",
        )


def saml_is_whole(settings: AgencyFile) -> Iterator[Finding]:
    """A provider is named exactly where it is used."""
    grafana = settings.observability.grafana
    if grafana is None or (grafana.authentication == "saml") == (grafana.saml is not None):
        return
    if grafana.saml is None:
        yield Finding(
            (*_PLACE, "saml"),
            "authentication is saml, but no identity provider is named",
            "add saml with metadata_url and admins",
        )
    else:
        yield Finding(
            (*_PLACE, "saml"),
            "names an identity provider, but Identity Center signs people in",
            "leave saml out, or write authentication: saml",
        )


def grafana_stands_in_an_environment(settings: AgencyFile) -> Iterator[Finding]:
    """The workspace is part of one environment."""
    grafana = settings.observability.grafana
    if grafana is not None and grafana.environment not in settings.environments:
        yield Finding(
            (*_PLACE, "environment"),
            f"there is no environment {grafana.environment}",
            f"name one of: {', '.join(settings.environments)}",
        )


def overview_stands_in_an_environment(settings: AgencyFile) -> Iterator[Finding]:
    """The page is part of one environment, and its sink is in that environment's account and region."""
    overview, place = settings.observability.agency_overview, ("observability", "agency_overview")
    if overview is None:
        return
    home = settings.environments.get(overview.environment)
    if home is None:
        yield Finding(
            (*place, "environment"),
            f"there is no environment {overview.environment}",
            f"name one of: {', '.join(settings.environments)}",
        )
    elif overview.sink_arn is not None and overview.sink_arn.split(":")[3:5] != [settings.region, home.account]:
        yield Finding(
            (*place, "sink_arn"),
            f"is not of account {home.account} in {settings.region}, which {overview.environment} is in",
            f"copy the SSM parameter observability/sink-arn of {overview.environment}",
        )


GRAFANA_RULES: tuple[Rule, ...] = (
    Rule(grafana_needs_sign_in, _NEEDS),
    Rule(saml_is_whole, frozenset({"observability"})),
    Rule(overview_stands_in_an_environment, frozenset({"observability", "environments", "region"})),
    Rule(grafana_stands_in_an_environment, frozenset({"observability", "environments"})),
)
