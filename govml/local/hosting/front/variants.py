"""Which variant answers a request, and which shadows get a copy of it."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import Any

from govml.local.hosting.errors import validation_error


def weight(variant: Mapping[str, Any]) -> float:
    """Return a variant's weight, which is 1 where the configuration names none."""
    given = variant.get("InitialVariantWeight")
    return 1.0 if given is None else float(given)


def choose(variants: Sequence[Mapping[str, Any]], target: str | None, draw: random.Random) -> str:
    """Return the name of the variant that is to answer.

    Args:
        variants: production variants, at least one.
        target: the variant that the client asks for; None for one drawn by weight.
        draw: source of the draw.

    Raises:
        RuntimeRefusal: there is no such variant, or no variant has any weight.
    """
    names = [str(variant["VariantName"]) for variant in variants]
    if target is not None:
        if target not in names:
            raise validation_error(f"Variant {target} was not found; the endpoint has {', '.join(names)}.")
        return target
    weights = [weight(variant) for variant in variants]
    if sum(weights) <= 0:
        raise validation_error("No variant of the endpoint has a weight above 0; name one as target variant.")
    return draw.choices(names, weights)[0]


def shadowed(
    shadows: Sequence[Mapping[str, Any]], variants: Sequence[Mapping[str, Any]], draw: random.Random
) -> list[str]:
    """Return the shadow variants that get a copy of a request.

    A shadow's share is its weight in relation to the production variants' (SageMaker developer guide, "Shadow variants").
    """
    whole = sum(weight(variant) for variant in variants) or 1.0
    return [str(shadow["VariantName"]) for shadow in shadows if draw.random() < weight(shadow) / whole]
