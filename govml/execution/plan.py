"""Everything that can be refused before anything runs: what to run, in which order, with which parameters."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from govml.errors import UserError
from govml.execution.definition import Definition, Step, parse_definition
from govml.execution.graph import dependencies, output_names
from govml.execution.parameters import ParameterValue, choose_values

_ENTRYPOINTS = {"Processing": "AppSpecification", "Training": "AlgorithmSpecification"}


@dataclass(frozen=True)
class Plan:
    """A definition that can run.

    Args:
        text: the definition as it was read, for the run's record.
        definition: the same, parsed.
        waits: for each step, the steps before it; in an order in which they can run.
        parameters: a value for each parameter.
    """

    text: str
    definition: Definition
    waits: Mapping[str, frozenset[str]]
    parameters: Mapping[str, ParameterValue]


def make_plan(text: str, *, given: Mapping[str, str], runnable: Collection[str]) -> Plan:
    """Parse and check a definition.

    Args:
        text: the definition's JSON.
        given: parameter values from the user, as text.
        runnable: step types that can be run here.

    Raises:
        UserError: the definition or a parameter is wrong, or a step cannot be run on this machine.
    """
    definition = parse_definition(text)
    for step in definition.steps:
        _check_step(step, runnable)
    return Plan(text, definition, dependencies(definition), choose_values(definition.parameters, given))


def _check_step(step: Step, runnable: Collection[str]) -> None:
    if step.type not in runnable:
        raise UserError(
            f"step {step.name} is of type {step.type}, which the local executor cannot run",
            hint=f"it runs {', '.join(sorted(runnable))}; run this pipeline in an AWS account",
        )
    if step.type in _ENTRYPOINTS:
        specification: Any = step.arguments.get(_ENTRYPOINTS[step.type])
        if not isinstance(specification, dict) or not specification.get("ContainerEntrypoint"):
            raise UserError(
                f"step {step.name} has no ContainerEntrypoint",
                hint="the local executor has no image whose own entrypoint it could run",
            )
    for file in step.property_files:
        if file.output not in output_names(step):
            raise UserError(f"step {step.name}: property file {file.name} is of the unknown output {file.output}")
