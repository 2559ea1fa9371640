"""What an endpoint promises, as the rules of its burn-rate alarms."""

from __future__ import annotations

from govml.service_levels.burn_rate import BURN_RATES
from govml.service_levels.promised import objectives
from govml.settings.endpoint import ObjectiveSettings
from govml_constructs.monitoring.burn_rate_alarms import BurnRule

_LONGEST_MINUTES = 24 * 60
"""Longest period of a CloudWatch alarm; slower burning is judged by Prometheus only."""


def burn_rules(endpoint: str, settings: ObjectiveSettings) -> list[BurnRule]:
    """Return a rule for each promise and each speed whose windows an alarm can hold.

    A speed at which every request would have to be bad is left out when a slower one says the same.
    """
    rules = []
    for objective in objectives(endpoint, settings):
        bad = "end in a 5xx error" if objective.kind == "availability" else f"take over {objective.milliseconds:g} ms"
        for rate in BURN_RATES:
            share = objective.breaking_share(rate.rate)
            if rate.long_minutes > _LONGEST_MINUTES or share >= 1:
                continue
            rules.append(
                BurnRule(
                    construct_id=f"{objective.kind.title()}Burns{rate.rate:g}x".replace(".", "p"),
                    description=(
                        f"Endpoint {endpoint}: {share:.2%} of the requests or more {bad}, and have for "
                        f"{rate.long_minutes // 60} hours; the month's promise of {objective.percent:g} % is used up "
                        f"{rate.rate:g} times too fast."
                    ),
                    bad_share=share,
                    long_minutes=rate.long_minutes,
                    short_minutes=rate.short_minutes,
                    slow_ms=objective.milliseconds,
                    severity=rate.severity,
                )
            )
    return rules
