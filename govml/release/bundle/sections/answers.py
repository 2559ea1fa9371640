"""What is said of the model in words: its card, and the process checks of AI Verify."""

from __future__ import annotations

from govml.release.bundle.html import Html, badge, element, join, table
from govml.release.bundle.tables import pairs
from govml.release.bundle.version import Version

_STATES = {"answered": "good", "partly": "look", "unanswered": "bad"}


def card(new: Version, _: Version | None) -> Html:
    """Return the model card's text."""
    parts = []
    for part in ("model_overview", "business_details", "intended_uses", "training_details", "additional_information"):
        content = new.part("model_card", part)
        said = [(str(name).replace("_", " "), value) for name, value in content.items() if isinstance(value, str)]
        if said:
            parts += [element("h3", part.replace("_", " ")), pairs(said)]
    return join(parts) or element("p", "There is no model card.", css="quiet")


def ai_verify(new: Version, _: Version | None) -> Html:
    """Return the process checks of AI Verify with what evidence answers."""
    rows = [
        (
            each.get("id"),
            each.get("asks"),
            badge(_STATES.get(str(each.get("status")), "look"), str(each.get("status"))),
            each.get("needs") or Html(""),
        )
        for each in new.listed("ai_verify", "checks")
    ]
    return table(("check", "question", "evidence", "what people must add"), rows)
