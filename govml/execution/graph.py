"""Which step waits for which, from references, `DependsOn` and conditions; dangling references and cycles refused."""

from __future__ import annotations

import graphlib
from collections.abc import Mapping

from govml.errors import UserError
from govml.execution.definition import Definition, Step
from govml.execution.references import Reference, gets, parse_reference
from govml.execution.variables import EXECUTION_VARIABLES


def dependencies(definition: Definition) -> dict[str, frozenset[str]]:
    """Map each step to the steps that must end before it starts, in an order in which they can run.

    Raises:
        UserError: a reference or `DependsOn` points at nothing, or the steps wait for each other in a circle.
    """
    steps = {step.name: step for step in definition.steps}
    parameters = {parameter.name for parameter in definition.parameters}
    waits = {step.name: _waits_for(step, steps, parameters) for step in definition.steps}
    try:
        order = list(graphlib.TopologicalSorter(waits).static_order())
    except graphlib.CycleError as error:
        circle = " -> ".join(reversed(error.args[1]))
        raise UserError(f"the steps of the pipeline wait for each other in a circle: {circle}") from error
    return {name: waits[name] for name in order}


def _waits_for(step: Step, steps: Mapping[str, Step], parameters: set[str]) -> frozenset[str]:
    names = set(step.depends_on)
    for name in step.depends_on:
        if name not in steps:
            raise UserError(f"step {step.name} depends on {name}, which is no step of the pipeline")
    for text in gets(step.arguments):
        try:
            reference = parse_reference(text)
        except ValueError as error:
            raise UserError(f"step {step.name} has a broken reference: {error}") from error
        if reference.kind == "Steps":
            _check_step_reference(step, reference, steps)
            names.add(reference.name)
        elif reference.name not in (parameters if reference.kind == "Parameters" else EXECUTION_VARIABLES):
            raise UserError(f"step {step.name} refers to {text}, which the pipeline does not have")
    if step.branch:
        names.add(step.branch.condition)
    return frozenset(names)


def _check_step_reference(step: Step, reference: Reference, steps: Mapping[str, Step]) -> None:
    target = steps.get(reference.name)
    if target is None:
        raise UserError(f"step {step.name} refers to {reference.text}, but there is no step {reference.name}")
    if reference.path[0] == "PropertyFiles":
        files = [file.name for file in target.property_files]
        if len(reference.path) != 2 or reference.path[1] not in files:
            raise UserError(
                f"step {step.name} refers to {reference.text}, but step {target.name} has no such property file",
                hint=f"it has {', '.join(files) or 'none'}",
            )
    if reference.path[:2] == ("ProcessingOutputConfig", "Outputs") and target.type == "Processing":
        outputs = output_names(target)
        if len(reference.path) < 3 or reference.path[2] not in outputs:
            raise UserError(
                f"step {step.name} refers to {reference.text}, but step {target.name} has no such output",
                hint=f"it has {', '.join(outputs) or 'none'}",
            )


def output_names(step: Step) -> list[str]:
    """Return the names of a processing step's outputs; empty where its arguments are not of that shape."""
    config = step.arguments.get("ProcessingOutputConfig")
    outputs = config.get("Outputs") if isinstance(config, dict) else None
    listed = outputs if isinstance(outputs, list) else []
    return [str(item.get("OutputName")) for item in listed if isinstance(item, dict)]
