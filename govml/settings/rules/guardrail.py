"""Rules of the guardrail: it stops something, and does one thing with each kind of data."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from govml.settings.rules.finding import Finding, Rule

if TYPE_CHECKING:
    from govml.settings.agency_file import AgencyFile


def guardrail_stops_personal_data(settings: AgencyFile) -> Iterator[Finding]:
    """A model repeats the personal data that it was shown."""
    if settings.ai is not None and not settings.ai.pii and not settings.ai.patterns:
        yield Finding(
            ("ai", "pii"),
            "is empty, and so is ai.patterns: personal data would pass in prompts and answers",
            "leave one of them out, for its default, or name what is to be stopped",
        )


def guardrail_entries_do_not_contradict(settings: AgencyFile) -> Iterator[Finding]:
    """Two entries for one kind of data would leave open which of them holds; equal ones have a rule of their own."""
    ai = settings.ai
    if ai is None:
        return
    for key, entries in (
        ("pii", [(each.type, each) for each in ai.pii]),
        ("patterns", [(e.name, e) for e in ai.patterns]),
    ):
        first: dict[str, object] = {}
        for place, (name, entry) in enumerate(entries):
            if first.setdefault(name, entry) != entry:
                yield Finding(("ai", key, place), f"{name} has an entry already", "keep the one that is meant")


def blocked_message_is_plain(settings: AgencyFile) -> Iterator[Finding]:
    """In a template `${` begins a placeholder; here it would be read as it stands, and linters take it for a mistake."""
    if settings.ai is not None and "${" in settings.ai.blocked_message:
        yield Finding(("ai", "blocked_message"), "holds ${, and nothing is filled in here", "write plain text")


GUARDRAIL_RULES: tuple[Rule, ...] = (
    Rule(guardrail_stops_personal_data, frozenset({"ai"})),
    Rule(blocked_message_is_plain, frozenset({"ai"})),
    Rule(guardrail_entries_do_not_contradict, frozenset({"ai"})),
)
