"""Small CSV texts in the shape of the real data."""

from __future__ import annotations

from typing import Any

HEADER = (
    "month,town,flat_type,block,street_name,storey_range,floor_area_sqm,flat_model,lease_commence_date,"
    "remaining_lease,resale_price"
)
ROW: dict[str, Any] = {
    "month": "2017-01",
    "town": "ANG MO KIO",
    "flat_type": "3 ROOM",
    "block": "108",
    "street_name": "ANG MO KIO AVE 4",
    "storey_range": "04 TO 06",
    "floor_area_sqm": "67",
    "flat_model": "New Generation",
    "lease_commence_date": "1978",
    "remaining_lease": "60 years 07 months",
    "resale_price": "250000",
}


def line(**changes: Any) -> str:
    return ",".join(str(value) for value in {**ROW, **changes}.values())


def text(*lines: str, header: str = HEADER) -> str:
    return "\n".join([header, *(lines or (line(),))]) + "\n"
