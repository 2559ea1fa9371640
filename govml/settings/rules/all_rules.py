"""Rules between fields: combinations that are each legal alone and wrong together, every one with its reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from govml.settings.rules.budget import BUDGET_RULES
from govml.settings.rules.chat import CHAT_RULES
from govml.settings.rules.data import DATA_RULES
from govml.settings.rules.endpoint import ENDPOINT_RULES
from govml.settings.rules.finding import Finding, Rule
from govml.settings.rules.grafana import GRAFANA_RULES
from govml.settings.rules.guardrail import GUARDRAIL_RULES
from govml.settings.rules.identity import IDENTITY_RULES
from govml.settings.rules.lists import LIST_RULES
from govml.settings.rules.log_shipping import LOG_SHIPPING_RULES
from govml.settings.rules.model_monitor import MODEL_MONITOR_RULES
from govml.settings.rules.network import NETWORK_RULES
from govml.settings.rules.places import PLACE_RULES
from govml.settings.rules.promotion import PROMOTION_RULES
from govml.settings.rules.release import RELEASE_RULES
from govml.settings.rules.switches import SWITCH_RULES

if TYPE_CHECKING:
    from govml.settings.agency_file import AgencyFile

RULES: tuple[Rule, ...] = (
    *PLACE_RULES,
    *LOG_SHIPPING_RULES,
    *GRAFANA_RULES,
    *NETWORK_RULES,
    *SWITCH_RULES,
    *IDENTITY_RULES,
    *DATA_RULES,
    *ENDPOINT_RULES,
    *MODEL_MONITOR_RULES,
    *RELEASE_RULES,
    *BUDGET_RULES,
    *CHAT_RULES,
    *LIST_RULES,
    *GUARDRAIL_RULES,
    *PROMOTION_RULES,
)


def broken_rules(settings: AgencyFile, *, unsound: frozenset[str] = frozenset()) -> list[Finding]:
    """Judge every rule whose keys are sound.

    Args:
        settings: the settings; attributes named in `unsound` are never read.
        unsound: top-level keys with problems of their own.
    """
    return [finding for rule in RULES if not rule.needs & unsound for finding in rule.check(settings)]
