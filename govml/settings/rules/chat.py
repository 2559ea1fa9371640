"""Rules of where alerts go: a chat of one kind and not with confidential data, a key with its header."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from govml.settings.rules.finding import Finding, Rule

if TYPE_CHECKING:
    from govml.settings.agency_file import AgencyFile


def chat_is_of_one_kind(settings: AgencyFile) -> Iterator[Finding]:
    """A channel is one of Slack's or one of Teams's."""
    for name, chat in settings.observability.chat.items():
        if (chat.slack is None) == (chat.teams is None):
            yield Finding(
                ("observability", "chat", name), "names neither or both of slack and teams", "name the one that it is"
            )


def chat_stays_below_confidential(settings: AgencyFile) -> Iterator[Finding]:
    """Names of use cases and what is wrong with them leave for the servers of a chat, outside the country."""
    if settings.data_classification == "confidential" and settings.observability.chat:
        yield Finding(
            ("observability", "chat"),
            "alerts on confidential data would go to the servers of a chat, outside the agency's network",
            "use alert_routes with an address in the agency's network",
        )


def route_key_is_whole(settings: AgencyFile) -> Iterator[Finding]:
    """A key goes into a header, and a header needs a key."""
    for name, route in settings.observability.alert_routes.items():
        if (route.header is None) != (route.secret is None):
            yield Finding(
                ("observability", "alert_routes", name),
                "names one of header and secret without the other",
                "name the header and the secret whose `value` it holds, or neither",
            )


CHAT_RULES: tuple[Rule, ...] = (
    Rule(chat_is_of_one_kind, frozenset({"observability"})),
    Rule(route_key_is_whole, frozenset({"observability"})),
    Rule(chat_stays_below_confidential, frozenset({"observability", "data_classification"})),
)
