"""Let the rules sit the exam: a mutant is caught when it has a finding that the good template has not."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from govml.rule_exam.mutants import Mutant
from govml.rules.engine import check_sides
from govml.rules.options import Options
from govml.rules.template import sides

Key = tuple[str, str]
"""Rule and logical id."""


@dataclass(frozen=True)
class Grade:
    """The outcome.

    Args:
        caught: mutants with a finding of their own.
        escaped: the others.
    """

    caught: tuple[Mutant, ...]
    escaped: tuple[Mutant, ...]

    @property
    def share(self) -> float:
        """Return the share that was caught, 0 to 1; 1 of none."""
        total = len(self.caught) + len(self.escaped)
        return len(self.caught) / total if total else 1.0


def one_of_a_kind(found: Iterable[Mutant]) -> list[Mutant]:
    """Keep the first mutant of each defect: the same setting of a hundred buckets is one question."""
    kinds: dict[str, Mutant] = {}
    for each in found:
        kinds.setdefault(each.defect, each)
    return list(kinds.values())


def grade(questions: Sequence[Mutant], good: dict[str, set[Key]], found_in: Callable[[Mutant], set[Key]]) -> Grade:
    """Grade the mutants.

    Args:
        questions: the mutants.
        good: template -> what is found in it as it was.
        found_in: what is found in a mutant.
    """
    caught: list[Mutant] = []
    escaped: list[Mutant] = []
    for mutant in questions:
        new = found_in(mutant) - good.get(mutant.template, set())
        (caught if new else escaped).append(mutant)
    return Grade(tuple(caught), tuple(escaped))


def own_findings(mutant: Mutant, options: Options) -> set[Key]:
    """Return what the own rules find in a mutant."""
    return {(each.rule, each.logical_id) for each in check_sides(sides(mutant.document, mutant.template), options)}
