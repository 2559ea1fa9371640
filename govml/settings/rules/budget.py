"""Rules about budgets: they name what exists, and leave room for what is below them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from govml.settings.rules.finding import Finding, Rule

if TYPE_CHECKING:
    from govml.settings.agency_file import AgencyFile


def budgets_name_what_exists(settings: AgencyFile) -> Iterator[Finding]:
    """A budget for a use case or an environment that does not exist would watch nothing."""
    for place, named, known in (
        ("use_cases", settings.budget.use_cases, settings.use_cases),
        ("environments", settings.budget.environments, settings.environments),
    ):
        for name in named:
            if name not in known:
                have = ", ".join(known) or "none"
                yield Finding(("budget", place, name), f"there is no such entry under {place}", f"it has: {have}")


def use_case_budgets_fit_their_environment(settings: AgencyFile) -> Iterator[Finding]:
    """A use case is part of its environment, so its budget can be no larger."""
    for environment in settings.environments:
        whole = settings.budget.amount(environment)
        for name, part in settings.budget.use_cases.items():
            if whole is not None and part > whole:
                yield Finding(
                    ("budget", "use_cases", name),
                    f"{part:g} US dollars are more than the {whole:g} of the whole environment {environment}",
                    "raise monthly_usd, or lower this one",
                )


def monitors_are_of_their_account(settings: AgencyFile) -> Iterator[Finding]:
    """A monitor belongs to the account that made it, and a subscription can name its own account's only."""
    anomalies = settings.budget.anomalies
    for name, arn in anomalies.monitors.items() if anomalies is not None else ():
        place = ("budget", "anomalies", "monitors", name)
        if name not in settings.environments:
            yield Finding(place, "there is no such environment", f"it has: {', '.join(settings.environments)}")
        elif arn.split(":")[4] != (account := settings.environment(name).account):
            yield Finding(place, f"is not of account {account}", f"name the monitor of account {account}")


BUDGET_RULES: tuple[Rule, ...] = (
    Rule(budgets_name_what_exists, frozenset({"budget", "use_cases", "environments"})),
    Rule(use_case_budgets_fit_their_environment, frozenset({"budget", "environments"})),
    Rule(monitors_are_of_their_account, frozenset({"budget", "environments"})),
)
