from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govml.errors import UserError
from govml.execution.definition import Definition, Step, parse_definition
from govml.execution.graph import dependencies, output_names


def parsed(edges: dict[str, set[str]], *, by: str = "DependsOn") -> Definition:
    """A definition whose steps wait for others by `DependsOn`, by a property or by a property file."""
    steps = []
    for name, before in edges.items():
        step: dict[str, Any] = {
            "Name": name,
            "Type": "Processing",
            "Arguments": {"ProcessingOutputConfig": {"Outputs": [{"OutputName": "o"}]}},
            "PropertyFiles": [{"PropertyFileName": "F", "OutputName": "o", "FilePath": "f.json"}],
        }
        if by == "DependsOn":
            step["DependsOn"] = sorted(before)
        elif by == "property":
            step["Arguments"]["x"] = [
                {"Get": f"Steps.{b}.ProcessingOutputConfig.Outputs['o'].S3Output.S3Uri"} for b in sorted(before)
            ]
        else:
            file = [
                {"Std:JsonGet": {"PropertyFile": {"Get": f"Steps.{b}.PropertyFiles.F"}, "Path": "a"}}
                for b in sorted(before)
            ]
            step["Arguments"]["x"] = {"Std:Join": {"On": "", "Values": file}}
        steps.append(step)
    return parse_definition(json.dumps({"Version": "2020-12-01", "Steps": steps}))


@st.composite
def acyclic(draw: st.DrawFn) -> dict[str, set[str]]:
    names = [f"S{number}" for number in range(draw(st.integers(1, 8)))]
    edges = {name: draw(st.sets(st.sampled_from(names[:i]))) if i else set() for i, name in enumerate(names)}
    return {name: edges[name] for name in draw(st.permutations(names))}


@given(acyclic(), st.sampled_from(["DependsOn", "property", "file"]))
def test_every_step_comes_after_those_it_waits_for(edges: dict[str, set[str]], by: str) -> None:
    waits = dependencies(parsed(edges, by=by))
    assert {name: set(before) for name, before in waits.items()} == edges
    order = list(waits)
    assert all(order.index(before) < order.index(name) for name in order for before in waits[name])


@given(acyclic(), st.data())
def test_every_circle_is_refused(edges: dict[str, set[str]], data: st.DataObject) -> None:
    start = data.draw(st.sampled_from(sorted(edges)))
    ring, reached = [start], edges[start]
    while reached:
        ring.append(data.draw(st.sampled_from(sorted(reached))))
        reached = edges[ring[-1]]
    closed = {**edges, ring[-1]: edges[ring[-1]] | {start}}
    with pytest.raises(UserError, match="in a circle: "):
        dependencies(parsed(closed))


def test_a_step_in_a_branch_waits_for_the_condition() -> None:
    inner = {"Name": "Yes", "Type": "Fail", "Arguments": {}}
    gate = {"Name": "Gate", "Type": "Condition", "Arguments": {"Conditions": [], "IfSteps": [inner], "ElseSteps": []}}
    found = dependencies(parse_definition(json.dumps({"Version": "2020-12-01", "Steps": [gate]})))
    assert found == {"Gate": frozenset(), "Yes": {"Gate"}}


def test_a_condition_may_not_wait_for_its_own_branch() -> None:
    inner = {"Name": "Yes", "Type": "Fail", "Arguments": {}}
    gate = {
        "Name": "Gate",
        "Type": "Condition",
        "DependsOn": ["Yes"],
        "Arguments": {"Conditions": [], "IfSteps": [inner], "ElseSteps": []},
    }
    with pytest.raises(UserError, match="circle"):
        dependencies(parse_definition(json.dumps({"Version": "2020-12-01", "Steps": [gate]})))


@pytest.mark.parametrize(
    ("get", "message"),
    [
        ("Parameters.Nope", "refers to Parameters.Nope, which the pipeline does not have"),
        ("Execution.Nope", "refers to Execution.Nope, which the pipeline does not have"),
        ("Steps.Nope.ModelArtifacts", "there is no step Nope"),
        ("Steps.B.PropertyFiles.Nope", "step B has no such property file"),
        ("Steps.B.ProcessingOutputConfig.Outputs['nope'].S3Output.S3Uri", "step B has no such output"),
        ("Steps.B", "names no property"),
        ("Parameters.P.deeper", "goes deeper"),
        ("Elsewhere.B", "is none of"),
        ("Steps.B.[", "broken reference"),
        (7, "a Get must hold text"),
    ],
)
def test_a_reference_to_nothing_is_refused_with_the_step(get: Any, message: str) -> None:
    raw = {"Name": "A", "Type": "Processing", "Arguments": {"deep": [{"x": {"Get": get}}]}}
    other = {
        "Name": "B",
        "Type": "Processing",
        "Arguments": {"ProcessingOutputConfig": {"Outputs": [{"OutputName": "o"}]}},
    }
    text = json.dumps({"Version": "2020-12-01", "Steps": [raw, other], "Parameters": [{"Name": "P", "Type": "String"}]})
    with pytest.raises(UserError, match="step A") as error:
        dependencies(parse_definition(text))
    assert message in str(error.value)


@pytest.mark.parametrize("outputs", [-1, True, "x", None, ["x"]])
def test_outputs_that_are_no_list_are_none(outputs: object) -> None:
    step = Step("A", "Processing", {"ProcessingOutputConfig": {"Outputs": outputs}}, (), (), None)
    assert output_names(step) == []
