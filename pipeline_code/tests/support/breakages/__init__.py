"""Seeded breakages of a pipeline definition, to measure its validator with.

Each is a definition with one fault that the service would refuse, that would fail a run, or that would take away a
protection. They are made from the definition and from botocore's model, not from the validator's own tables.
"""

from __future__ import annotations

from itertools import islice
from random import Random
from typing import Any

from breakages import of_commands, of_form, of_parameters, of_protection, of_references, of_requests, of_steps
from breakages.mutant import Breakage

MAKERS = (of_form, of_requests, of_references, of_steps, of_parameters, of_protection, of_commands)


def breakages(definition: dict[str, Any], *, seed: int, per_class: int) -> list[Breakage]:
    """Return up to `per_class` breakages of every class, drawn with a seed; none of them equals the definition."""
    found: dict[str, list[Breakage]] = {}
    for maker in MAKERS:
        for each in maker.make(definition):
            found.setdefault(each.kind, []).append(each)
    random = Random(seed)  # noqa: S311  a sample, not a secret
    drawn = [random.sample(found[kind], len(found[kind])) for kind in sorted(found)]
    return [
        each
        for group in drawn
        for each in islice((item for item in group if item.definition() != definition), per_class)
    ]


__all__ = ["Breakage", "breakages"]
