"""The two packs of cdk-nag as sources of rules."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from govml.evidence.resource import Assembly
from govml.evidence.rule import EvidenceRule, Told
from govml.gate.plugins import proven_packs
from govml_constructs.validation.nag_canary import CANARY_RULES


@dataclass(frozen=True)
class NagPack:
    """One pack.

    Args:
        name: as CDK's report writes it, such as `AwsSolutions`.
    """

    name: str

    def rules(self, _: Assembly | None = None) -> tuple[EvidenceRule, ...]:
        """Return its rules, from the table that `nag_source` derives and from the themes of `themes.json`.

        NIST controls are those that the NIST pack gives for a check. What only AwsSolutions checks gets the controls of
        its theme, which are our own reading.
        """
        themes = _themes()
        return tuple(
            EvidenceRule(
                id=each["id"],
                source=self.name,
                title=each["title"],
                severity=each["severity"],
                controls=tuple(each["controls"] or themes[each["function"]]["nist"]),
                public_sector=tuple(themes[each["function"]]["public_sector"]),
                types=each["types"],
                conditional=each["conditional"],
            )
            for each in _table()["rules"]
            if each["pack"] == self.name
        )

    def proven(self, assembly: Assembly) -> bool:
        """Return whether the pack found the positive control: it ran, over this tree (see `nag_packs`)."""
        crashed = any(plugin.error for plugin in assembly.plugins if plugin.name == self.name)
        return not crashed and self.name in proven_packs(list(assembly.plugins))

    def findings(self, _: Assembly) -> tuple[Told, ...]:
        """Return nothing: all that a pack finds stands in CDK's report."""
        return ()


NAG_PACKS = tuple(NagPack(name) for name in CANARY_RULES)


@lru_cache
def _table() -> dict[str, Any]:
    table: dict[str, Any] = json.loads(_read("nag_rules.json"))
    return table


@lru_cache
def _themes() -> Mapping[str, dict[str, list[str]]]:
    """Return check of cdk-nag -> its theme."""
    return {check: theme for theme in json.loads(_read("themes.json")).values() for check in theme["checks"]}


def _read(name: str) -> str:
    return (files("govml.evidence") / "data" / name).read_text(encoding="utf-8")
