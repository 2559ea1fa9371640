"""The shipped prices and assumptions, and a function that reckons one stack with them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from cost_plans import Resources, stack

from govml.cost.estimate import Estimate, estimate
from govml.cost.prices import PriceTable, load_prices
from govml.cost.usage import Usage, load_usage


@pytest.fixture(scope="session")
def prices() -> PriceTable:
    return load_prices()


@pytest.fixture(scope="session")
def usage() -> Usage:
    return load_usage()


@pytest.fixture(name="reckon", scope="session")
def _reckon(prices: PriceTable, usage: Usage) -> Callable[..., Estimate]:
    """Estimate the resources of one stack."""

    def reckon(resources: Resources, **body: Any) -> Estimate:
        return estimate([stack("Stack", resources, **body)], prices, usage)

    return reckon
