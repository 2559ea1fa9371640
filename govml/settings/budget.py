"""What the platform may cost, who is told when it costs more, and how `govml cost` counts it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, PlainSerializer

from govml.settings.base import ReadOnly, SettingsModel
from govml.settings.environments import EnvironmentName
from govml.settings.values import UseCaseName

Usd = Annotated[float, Field(ge=1, le=10_000_000)]
Percent = Annotated[int, Field(ge=1, le=1000)]
MonitorArn = Annotated[str, Field(pattern=r"^arn:aws:ce::[0-9]{12}:anomalymonitor/[A-Za-z0-9-]+$")]


class AnomalySettings(SettingsModel):
    """AWS Cost Anomaly Detection: an alert when spending leaves its usual pattern."""

    impact_usd: Usd
    """Anomalies that cost at least this much, in US dollars, are told."""

    watch: Literal["services", "tags"] = "services"
    """services: each AWS service of the account; tags: each environment and use case, which only a paying account may."""

    monitors: Annotated[Mapping[EnvironmentName, MonitorArn], AfterValidator(ReadOnly), PlainSerializer(dict)] = Field(
        default_factory=lambda: ReadOnly({})
    )
    """Environment -> ARN of the account's monitor of services, where it exists already: an account can have one only."""


class BudgetSettings(SettingsModel):
    """Monthly budgets in US dollars, before tax, as AWS bills them; without an amount there is none."""

    monthly_usd: Usd | None = None
    """US dollars that each environment may cost a month; empty: no budget, but for those under environments."""

    environments: Annotated[Mapping[EnvironmentName, Usd], AfterValidator(ReadOnly), PlainSerializer(dict)] = Field(
        default_factory=lambda: ReadOnly({})
    )
    """Environment -> US dollars a month, where it differs from monthly_usd."""

    use_cases: Annotated[Mapping[UseCaseName, Usd], AfterValidator(ReadOnly), PlainSerializer(dict)] = Field(
        default_factory=lambda: ReadOnly({})
    )
    """Use case -> US dollars a month, in each environment: what carries its tag govml-use-case."""

    notify_percent: Annotated[tuple[Percent, ...], Field(min_length=1, max_length=4, strict=False)] = (80, 100)
    """Shares of a budget, in percent, at which the owner is told; a forecast beyond 100 percent is always told."""

    anomalies: AnomalySettings | None = None
    """Alerts on unusual spending; empty: none."""

    service_fee_percent: Annotated[float, Field(ge=0, le=100)] = 3.0
    """Fee that the central cloud service adds to AWS's prices, in percent; 0 outside the Government on Commercial Cloud."""

    sgd_per_usd: Annotated[float, Field(gt=0, le=100)] | None = None
    """Singapore dollars for one US dollar; given, `govml cost` shows totals in both."""

    def amount(self, environment: str) -> float | None:
        """Return the monthly budget of an environment in US dollars, None where it has none."""
        amounts: Mapping[str, float] = {str(name): usd for name, usd in self.environments.items()}
        return amounts.get(environment, self.monthly_usd)
