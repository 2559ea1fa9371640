"""All checks, in the order of the report."""

from __future__ import annotations

from govml.preflight.check import Check
from govml.preflight.checks import (
    account,
    boundary,
    concurrency,
    execution_role,
    iam_quotas,
    instances,
    keys,
    linked_roles,
    names,
    network_ranges,
    public_access,
    subnets,
    vpc_endpoints,
)

CHECKS: tuple[Check, ...] = (
    account.CHECK,
    boundary.CHECK,
    execution_role.CHECK,
    linked_roles.CHECK,
    keys.CHECK,
    names.CHECK,
    network_ranges.CHECK,
    subnets.CHECK,
    vpc_endpoints.CHECK,
    iam_quotas.CHECK,
    concurrency.CHECK,
    instances.CHECK,
    public_access.CHECK,
)
