"""Where rules come from. A new set of rules is added here, and in no other place of the evidence."""

from __future__ import annotations

from govml.evidence.nag_catalogue import NAG_PACKS
from govml.evidence.own_rules import OwnRules
from govml.evidence.rule import RuleSource

SOURCES: tuple[RuleSource, ...] = (*NAG_PACKS, OwnRules())
"""Every pack and own rule set that must be proven to have run."""
