"""The page, from two versions and what the ledger tells of the new one. The same input gives the same bytes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from govml.release.bundle import sections
from govml.release.bundle.findings import Finding, findings
from govml.release.bundle.html import Html, badge, element, table
from govml.release.bundle.style import STYLE
from govml.release.bundle.tables import code, pairs
from govml.release.bundle.version import Version
from govml.release.entry import Entry

_WORDS = {"bad": "against", "look": "look", "good": "in order"}
_SECTIONS = (
    ("metrics", "Metrics against the champion", sections.metrics),
    ("criteria", "Acceptance criteria", sections.criteria),
    ("fairness", "Fairness", sections.fairness),
    ("behaviour", "Behaviour", sections.behaviour),
    ("data", "Data", sections.data),
    ("changes", "What changed", sections.changes),
    ("card", "Model card", sections.card),
    ("ai-verify", "AI Verify", sections.ai_verify),
    ("lineage", "Lineage", sections.lineage),
)
# No script, no request: the page can do nothing but be read, whatever a report holds.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


@dataclass(frozen=True)
class Subject:
    """What the page is about.

    Args:
        use_case: name of the use case.
        environment: `dev`, `uat` or `prod`.
        new: the version to be decided on.
        champion: the version that is live, or None.
        told: entries of the ledger about the new version, oldest first.
        consumers: roles that must sign off.
    """

    use_case: str
    environment: str
    new: Version
    champion: Version | None = None
    told: Sequence[Entry] = ()
    consumers: Sequence[str] = ()


def page(subject: Subject) -> str:
    """Return the page: one HTML document that needs nothing else."""
    found = findings(subject.new, subject.champion)
    title = f"Approval of {subject.use_case}, version {subject.new.number}"
    body = (
        _head(subject, title, found),
        _to_check(subject, found),
        *(
            element("section", element("h2", name), make(subject.new, subject.champion), id=key)
            for key, name, make in _SECTIONS
        ),
        _decisions(subject),
    )
    head = (
        Html('<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'),
        Html(f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'),
        element("title", title),
        element("style", Html(STYLE)),
    )
    document = element("html", element("head", *head), element("body", *body), lang="en")
    return f"<!doctype html>\n{document}\n"


def _head(subject: Subject, title: str, found: Sequence[Finding]) -> Html:
    new, champion = subject.new, subject.champion
    against = sum(each.kind == "bad" for each in found)
    look = sum(each.kind == "look" for each in found)
    state = badge("bad", f"{against} against") if against else badge("good", "nothing against")
    contents = [element("a", name, href=f"#{key}") for key, name, _ in (("checks", "To check", None), *_SECTIONS)]
    return element(
        "header",
        element("h1", title),
        element("p", state, Html(" "), badge("look", f"{look} to look at")),
        pairs(
            [
                ("environment", subject.environment),
                ("model version", code(new.model_version)),
                ("registered", new.registered),
                ("trained by", new.trained_by or "the registry does not say"),
                ("state", new.status),
                (
                    "champion",
                    f"version {champion.number}, registered {champion.registered}"
                    if champion
                    else "no other model was live",
                ),
            ]
        ),
        element("nav", *contents, element("a", "Decisions", href="#decisions")),
    )


def _to_check(subject: Subject, found: Sequence[Finding]) -> Html:
    items = [
        element(
            "li",
            element("span", badge(each.kind, _WORDS[each.kind])),
            element("a", each.words, href=f"#{each.section}"),
        )
        for each in found
    ]
    trained = subject.new.trained_by
    duty = (
        "Whoever trained the model, or deploys it, does not approve it"
        + (f"; its training was started by {trained}." if trained else ".")
        + " The release checks that from the approval's event and refuses otherwise."
    )
    return element(
        "section",
        element("h2", "To check before you approve"),
        element("ul", *items, css="findings"),
        element("p", duty, css="quiet"),
        id="checks",
    )


def _decisions(subject: Subject) -> Html:
    signed = {
        each.uri.removeprefix("consumer:")
        for entry in subject.told
        if entry.action == "signed-off"
        for each in entry.evidence
    }
    waiting = [
        (name, badge("good", "signed off") if name in signed else badge("look", "waiting"))
        for name in subject.consumers
    ]
    told = [(entry.at, entry.action, entry.who, entry.why) for entry in subject.told]
    return element(
        "section",
        element("h2", "Decisions so far"),
        table(("consumer", "sign-off"), waiting, caption="Sign-offs that are needed"),
        table(("when", "what", "who", "why"), told, caption="Ledger"),
        id="decisions",
    )
