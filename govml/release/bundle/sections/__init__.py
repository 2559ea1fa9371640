"""The page's sections: each takes the new version and the champion, and returns HTML."""

from __future__ import annotations

from govml.release.bundle.sections.answers import ai_verify, card
from govml.release.bundle.sections.behaviour import behaviour
from govml.release.bundle.sections.origin import changes, data, lineage
from govml.release.bundle.sections.quality import criteria, fairness, metrics

__all__ = ["ai_verify", "behaviour", "card", "changes", "criteria", "data", "fairness", "lineage", "metrics"]
