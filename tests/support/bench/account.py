"""Budgets, cost anomalies, and what the account's baseline asks."""

from __future__ import annotations

from cfn_templates import ACCOUNT

from bench.ground import Ground
from bench.names import RULES, SLUG
from govml_constructs.baseline.account_guards import AccountGuards
from govml_constructs.baseline.patch_baseline import PatchBaseline
from govml_constructs.baseline.security_events import SecurityEvents
from govml_constructs.cost.cost_anomaly_alert import CostAnomalyAlert
from govml_constructs.cost.cost_budget import CostBudget
from govml_constructs.identity.use_case_access import USE_CASE_TAG


def add_costs(bench: Ground) -> None:
    stack, add = bench.stack, bench.add
    add(
        CostBudget(
            stack,
            "Budget",
            name="bench-dev-cost",
            amount_usd=500,
            tags={"Environment": "dev", USE_CASE_TAG: SLUG},
            notify_percent=[80, 100],
            topic=bench.topic,
        )
    )
    monitor = f"arn:aws:ce::{ACCOUNT}:anomalymonitor/00000000-0000-4000-8000-000000000000"
    watched = {"EnvironmentCost": ("Environment", ["dev"]), "UseCaseCost": (USE_CASE_TAG, [SLUG])}
    for construct_id, tags, existing in (
        ("Anomalies", {}, []),
        ("AnomaliesByTag", watched, []),
        ("AnomaliesOfTheirs", {}, [monitor]),
    ):
        add(
            CostAnomalyAlert(
                stack,
                construct_id,
                name=f"bench-{construct_id}",
                impact_usd=50,
                tags=tags,
                existing_monitors=existing,
                topic=bench.topic,
            )
        )


def add_baseline(bench: Ground) -> None:
    stack, add = bench.stack, bench.add
    add(SecurityEvents(stack, "SecurityEvents", environment="bench-dev", topic=bench.topic, dead_letters=bench.queue))
    for number, system in enumerate(("AMAZON_LINUX_2023", "WINDOWS")):
        add(
            PatchBaseline(
                stack, f"Patches{number}", name=f"bench-{number}", operating_system=system, approve_after_days=7
            )
        )
    add(AccountGuards(stack, "Guards", name_prefix="bench-dev", rules=RULES))
