"""No model reaches the registry unless the assessment accepts it, and a rejected one ends the run as failed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from govml_pipeline.authoring.validator.reading import at, objects

_ACCEPTED: Final = "accepted"
_VERDICT: Final = "verdict"


def check(definition: dict[str, Any]) -> list[str]:
    """Return findings on where models are registered."""
    return list(_steps(objects(definition.get("Steps")), guarded=False))


def _steps(steps: list[dict[str, Any]], *, guarded: bool) -> Iterator[str]:
    for step in steps:
        if step.get("Type") == "RegisterModel" and not guarded:
            yield f"{step.get('Name')}: registers a model although no condition asks for the verdict {_ACCEPTED!r}"
        if step.get("Type") == "Condition":
            taken, other = (objects(at(step, "Arguments", branch)) for branch in ("IfSteps", "ElseSteps"))
            accepting = any(_asks(condition) for condition in objects(at(step, "Arguments", "Conditions")))
            yield from _steps(taken, guarded=guarded or accepting)
            yield from _steps(other, guarded=False)
            if any(each.get("Type") == "RegisterModel" for each in taken) and not any(
                each.get("Type") == "Fail" for each in other
            ):
                yield f"{step.get('Name')}: a run whose model is not registered must end in a Fail step"


def _asks(condition: dict[str, Any]) -> bool:
    """Tell whether a condition holds for accepted models only."""
    read = at(condition, "LeftValue", "Std:JsonGet")
    return (
        condition.get("Type") == "Equals"
        and condition.get("RightValue") == _ACCEPTED
        and at(read, "Path") == _VERDICT
        and str(at(read, "PropertyFile", "Get")).endswith(".PropertyFiles.Assessment")
    )
