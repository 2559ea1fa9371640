"""What only people can say about this model."""

from __future__ import annotations

from typing import Final

from govml_pipeline.model_card.text import CardText
from usecases.hdb_resale.derive import KEYS
from usecases.hdb_resale.features import HALF_LIVES

#: What is remembered of past sales, by the feature's name.
_REMEMBERED: Final = {
    f"{key.removesuffix('_key')}_{half:g}m_{part}": f"{what} of the same {', '.join(KEYS[key])}; a sale counts half after "
    f"{half:g} months"
    for key, halves in HALF_LIVES.items()
    for half in halves
    for part, what in (
        ("level", "past prices, less what the flats' characteristics explain (logarithm),"),
        ("weight", "number of past sales"),
    )
}

CARD = CardText(
    description="Estimates the price at which a public housing flat in Singapore is resold, from its location, type, size, "
    "storey, lease and the sales of earlier months.",
    owner="The agency's data science team that runs the use case hdb_resale",
    purpose="An indication of the market price of a flat, and the case study of this platform.",
    intended_uses="Estimates for planning, statistics and the plausibility of declared prices; a person decides.",
    not_for="Setting a price, granting or refusing a loan or a grant, or tax without a valuer; private housing; flats that "
    "have not reached their minimum occupation period.",
    limits="Condition, renovation and view of a flat are not known. Towns and types with few sales, flats in new towns and "
    "executive flats are estimated less well, and a sudden turn of the market is followed with a delay of about a month.",
    risk="Medium",
    risk_reason="A wrong estimate may mislead a buyer or seller about a large sum, but no decision is made without a person.",
    ethics="Errors differ between towns and flat types, whose residents differ in income and age: read the fairness report "
    "before using the estimates to compare towns. Flats, not people, are described; no personal data is used.",
    problem="Declared prices and requests for an indication have to be answered for every flat, every month.",
    stakeholders="Buyers and sellers, housing and tax officers, planners",
    choice="Boosted trees with exact Shapley values: more accurate than a linear model, and each estimate can be taken apart.",
    features={
        **_REMEMBERED,
        "hedonic_value": "what the flat's characteristics alone are worth: logarithm of the price per square metre, less the "
        "market index",
        "floor_area_sqm": "floor area, square metres",
        "storey": "middle of the range of storeys",
        "remaining_lease_years": "years of the lease that are left",
        "lease_commence_date": "year in which the lease began",
        "town": "town",
        "flat_type": "flat type, by number of rooms",
        "flat_model": "flat model (design)",
        "index_change_3m": "change of the market index over three months, logarithm",
        "index_change_12m": "change of the market index over twelve months, logarithm",
    },
)
