"""Rules of chat channels: one kind each, and none for confidential data."""

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


CHAT_RULES: tuple[Rule, ...] = (
    Rule(chat_is_of_one_kind, frozenset({"observability"})),
    Rule(chat_stays_below_confidential, frozenset({"observability", "data_classification"})),
)
