"""Logs: how long they are kept, and where a copy of them goes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, PlainSerializer

from govml.settings.base import ReadOnly, SettingsModel
from govml.settings.chat import ChatSettings
from govml.settings.environments import EnvironmentName
from govml.settings.grafana import GrafanaSettings

# What CloudWatch Logs accepts (PutRetentionPolicy), from 365 days up: agencies keep logs for at least 12 months.
RetentionDays = Literal[365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653]


class LogShippingSettings(SettingsModel):
    """Where every log group sends a copy of its events: one of `delivery_stream` and `destination_arn`.

    Names, not resources: the central platform owns the receiving side.
    """

    delivery_stream: Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]{1,64}$")] | None = None
    """Name of the Amazon Data Firehose stream that the landing zone keeps in each environment's own account."""

    destination_arn: (
        Annotated[str, Field(pattern=r"^arn:aws:logs:[a-z0-9-]+:[0-9]{12}:destination:[A-Za-z0-9_./#-]{1,512}$")] | None
    ) = None
    """CloudWatch Logs destination in another account, as arn:aws:logs:REGION:ACCOUNT:destination:NAME."""

    role: (
        Annotated[
            str, Field(pattern=r"^(arn:aws:iam::[0-9]{12}:role/)?([A-Za-z0-9_+=,.@-]+/)*[A-Za-z0-9_+=,.@-]{1,64}$")
        ]
        | None
    ) = None
    """Existing role with which Logs writes to delivery_stream: PATH/NAME in each account, or one ARN; empty: one is made."""

    filter_name: Annotated[str, Field(pattern=r"^[A-Za-z0-9_./# -]{1,128}$")] = "central-log-archive"
    """Name of the subscription filter on each log group: letters, digits, spaces and _./#-, at most 128."""

    filter_pattern: Annotated[str, Field(max_length=1024)] = ""
    """CloudWatch Logs filter pattern that chooses the events; empty: all of them."""


RouteName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$", min_length=2, max_length=31)]


class AlertRouteSettings(SettingsModel):
    """A web address that gets alerts beside the owner's e-mail address: of a service desk, an on-call service, a chat."""

    # No query and no user name: what stands in a template is no secret, and such addresses carry keys there.
    url: Annotated[
        str,
        Field(pattern=r"^https://[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+(:[0-9]{2,5})?(/[A-Za-z0-9._~-]*)*$", max_length=500),
    ]
    """HTTPS address that takes SNS's messages, without a query, a user name or a key: it stands in the template."""

    severity: Literal["page", "ticket"] = "page"
    """Least severity that goes there: page (alarms that somebody must look at now) or ticket (every alert)."""

    # RFC 9110, field names; EventBridge API reference, CreateConnection, ApiKeyName.
    header: Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9-]{0,127}$")] | None = None
    """Header that the address wants a key in, such as Authorization; with `secret`. Such an address gets alarms only."""

    secret: Annotated[str, Field(pattern=r"^[A-Za-z0-9/_+=.@-]{1,256}$")] | None = None
    """Name of the secret in each environment's account, a JSON object whose `value` the header holds."""


class AgencyOverviewSettings(SettingsModel):
    """One CloudWatch page over all environments, and what it needs where they are in several accounts."""

    environment: EnvironmentName
    """The environment whose account has the page, and sees the others."""

    sink_arn: Annotated[str, Field(pattern=r"^arn:aws[a-z-]*:oam:[a-z0-9-]+:[0-9]{12}:sink/[0-9a-f-]{36}$")] | None = (
        None
    )
    """ARN of the sink of that account, which its deployment makes (SSM parameter observability/sink-arn); empty until then."""


class ObservabilitySettings(SettingsModel):
    """Applied to every log group that the stacks make, to the alert topic and to traces."""

    log_retention_days: RetentionDays = 400
    """Days that logs are kept, at least 12 months; one of the values that CloudWatch Logs accepts."""

    trace_percent: Annotated[float, Field(ge=0, le=100)] = 5.0
    """Share of the requests that tracing keeps, in percent; those that end in a 5xx error are always kept."""

    alert_routes: Annotated[
        Mapping[RouteName, AlertRouteSettings], Field(max_length=10), AfterValidator(ReadOnly), PlainSerializer(dict)
    ] = Field(default_factory=lambda: ReadOnly({}))
    """Name -> where alerts go beside the owner's e-mail address; each receiver confirms its subscription once."""

    agency_overview: AgencyOverviewSettings | None = None
    """One page over all environments; empty: each environment has its own only."""

    grafana: GrafanaSettings | None = None
    """The workspace of Managed Grafana; needed when the switch managed_grafana is on."""
    chat: Annotated[
        Mapping[RouteName, ChatSettings], Field(max_length=10), AfterValidator(ReadOnly), PlainSerializer(dict)
    ] = Field(default_factory=lambda: ReadOnly({}))
    """Name -> Slack or Teams channel that gets alerts; it can look at them and do nothing."""

    log_shipping: LogShippingSettings | None = None
    """A copy of all logs to a central archive, as the Government on Commercial Cloud demands; empty: none."""
