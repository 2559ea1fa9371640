"""The rules: what each one is called, why it exists, which controls it serves, and the function that checks it."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from govml.rules.finding import Severity
from govml.rules.options import Options
from govml.rules.template import Resource, Template

PREFIX = "GovML-"
ANY = "*"
"""Resource type of rules that look at every resource."""
TEMPLATE = "template"
"""Resource type of rules that look at a template once; their resource has no name and no properties."""

Check = Callable[[Resource, Template, Options], Iterable[str]]
"""Says what is wrong with one resource, a message each; nothing when all is well."""

Demand = Literal["permissions_boundary", "log_subscription"]


@dataclass(frozen=True)
class Rule:
    """One rule.

    Args:
        id: `GovML-` and a name in PascalCase.
        title: what must hold, one line.
        rationale: why, for the reviewer who reads the finding.
        severity: see `Finding`.
        controls: NIST 800-53 R5 controls that it serves, such as `AC-6`.
        public_sector_controls: ids of the public-sector control catalogue, such as `AC-1`.
        resource_types: types it looks at; `(ANY,)` for all.
        check: says what is wrong with one resource.
        demand: the option without which the rule has nothing to ask for.
        source: where the fact that it rests on is published, with its date when it can change.
    """

    id: str
    title: str
    rationale: str
    severity: Severity
    controls: tuple[str, ...]
    public_sector_controls: tuple[str, ...]
    resource_types: tuple[str, ...]
    check: Check
    demand: Demand | None = None
    source: str = ""


RULES: dict[str, Rule] = {}
"""All rules by id, in the order of their themes; filled by `load_rules`."""

THEMES = (
    "iam_roles",
    "federation",
    "sign_in",
    "iam_statements",
    "iam_escalation",
    "iam_conditions",
    "iam_identities",
    "portability",
    "sagemaker_conditions",
    "sagemaker_network",
    "sagemaker_keys",
    "sagemaker_endpoints",
    "job_contents",
    "sagemaker_pipelines",
    "state_machines",
    "sagemaker_studio",
    "experiment_tracking",
    "model_registry",
    "bedrock_access",
    "bedrock_guardrails",
    "guardrail_use",
    "bedrock_models",
    "knowledge_sources",
    "bedrock_logging",
    "agent_core",
    "vector_search",
    "databases",
    "database_access",
    "warehouses",
    "athena",
    "glue",
    "lake_clusters",
    "buckets",
    "bucket_copies",
    "bucket_access",
    "keys",
    "log_groups",
    "messaging",
    "data_stores",
    "functions",
    "function_access",
    "builds",
    "secrets",
    "secret_parameters",
    "security_groups",
    "internet",
    "endpoint_policies",
    "public_endpoints",
    "distributions",
    "apis",
    "resource_access",
    "resource_statements",
    "machines",
    "service_lifecycle",
    "regions",
    "retention",
    "tags",
    "quotas",
    "landing_zone",
    "safeguards",
)
"""Modules of `govml.rules.themes`; each registers its rules when it is imported."""


def rule(
    id: str,
    *types: str,
    title: str,
    rationale: str,
    severity: Severity,
    controls: tuple[str, ...],
    public_sector_controls: tuple[str, ...] = (),
    demand: Demand | None = None,
    source: str = "",
) -> Callable[[Check], Check]:
    """Register a check as a rule; the decorated function stays as it is.

    Raises:
        ValueError: a second rule of the same id, an id without the prefix, or no resource type.
    """

    def register(check: Check) -> Check:
        if id in RULES or not id.startswith(PREFIX) or not types:
            raise ValueError(f"rule {id}: ids are unique, start with {PREFIX}, and look at one type at least")
        RULES[id] = Rule(id, title, rationale, severity, controls, public_sector_controls, types, check, demand, source)
        return check

    return register


def load_rules() -> dict[str, Rule]:
    """Import every theme and return all rules by id."""
    for theme in THEMES:
        importlib.import_module(f"govml.rules.themes.{theme}")
    return RULES
