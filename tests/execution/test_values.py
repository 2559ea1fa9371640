from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govml.execution.definition import Definition, PropertyFile, Step
from govml.execution.failures import StepFailed
from govml.execution.references import follow, is_expression, parse_path
from govml.execution.values import Resolver

OBJECTS = {"s3://b/eval/metrics.json": json.dumps({"mae": {"value": 21.5}, "by": [{"town": "YISHUN"}]}).encode()}


def read_object(uri: str) -> bytes:
    if uri not in OBJECTS:
        raise StepFailed(f"no {uri}")
    return OBJECTS[uri]


def resolver(**properties: Any) -> Resolver:
    step = Step("Evaluate", "Processing", {}, (), (PropertyFile("Metrics", "evaluation", "metrics.json"),), None)
    output = {"ProcessingOutputConfig": {"Outputs": {"evaluation": {"S3Output": {"S3Uri": "s3://b/eval"}}}}}
    return Resolver(
        Definition((), (step,)),
        parameters={"Seed": 7, "Rate": 0.5, "Flag": True, "Name": "x"},
        execution=lambda name: f"<{name}>",
        properties={"Evaluate": output, **properties},
        read_object=read_object,
    )


names = st.text(st.characters(exclude_characters="\"'[]", exclude_categories=["Cs"]), min_size=1, max_size=6)
plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3),
    max_leaves=10,
)


@given(plain.filter(lambda value: not is_expression(value)))
def test_plain_data_is_left_alone(value: Any) -> None:
    assert resolver().resolve(value) == value


@given(st.lists(names | st.integers(0, 3), min_size=1, max_size=5), plain)
def test_a_path_leads_to_what_was_put_there(path: list[str | int], leaf: Any) -> None:
    text, value = "", leaf
    for hop in path:
        text += f"[{hop}]" if isinstance(hop, int) else f"['{hop}']"
    for hop in reversed(path):
        value = [None] * hop + [value] if isinstance(hop, int) else {hop: value}
    assert parse_path(text) == tuple(path)
    assert follow(value, parse_path(text)) == leaf
    assert resolver(S={"p": value}).resolve({"Get": f"Steps.S.p{text}"}) == leaf


@given(st.text())
def test_any_text_is_a_path_or_a_value_error(text: str) -> None:
    try:
        assert parse_path(text)
    except ValueError:
        return


@given(st.lists(st.text(max_size=4) | st.integers() | st.booleans(), max_size=4), st.text(max_size=2))
def test_a_join_is_the_join_of_its_parts(parts: list[Any], on: str) -> None:
    said = ["true" if part is True else "false" if part is False else str(part) for part in parts]
    assert resolver().resolve({"Std:Join": {"On": on, "Values": parts}}) == on.join(said)


def test_expressions_nest() -> None:
    mae = {"Std:JsonGet": {"PropertyFile": {"Get": "Steps.Evaluate.PropertyFiles.Metrics"}, "Path": "mae.value"}}
    town = {
        "Std:JsonGet": {
            "S3Uri": {"Std:Join": {"On": "/", "Values": ["s3://b", "eval", "metrics.json"]}},
            "Path": "$.by[0].town",
        }
    }
    got = resolver().resolve(
        {
            "a": [
                {"Std:Join": {"On": " ", "Values": ["mae", mae, town, {"Get": "Execution.PipelineExecutionId"}]}},
                {"Get": "Parameters.Seed"},
            ]
        }
    )
    assert got == {"a": ["mae 21.5 YISHUN <PipelineExecutionId>", 7]}
    assert resolver().resolve(mae) == 21.5


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ({"Get": "Steps.Evaluate.Nope.Deeper"}, "no 'Nope' at the top"),
        ({"Get": "Steps.NotRun.ModelArtifacts"}, "cannot be resolved"),
        ({"Std:Join": {"On": "/"}}, "without Values"),
        ({"Std:Join": {"On": "/", "Values": [["a"]]}}, "needs text or numbers"),
        ({"Std:JsonGet": {"S3Uri": "s3://b/none.json", "Path": "a"}}, "no s3://b/none.json"),
        (
            {"Std:JsonGet": {"S3Uri": "s3://b/eval/metrics.json", "Path": "mae.mean"}},
            "no 'mean' at mae (there is value)",
        ),
        ({"Std:JsonGet": {"S3Uri": "s3://b/eval/metrics.json"}}, "without Path"),
        (
            {"Std:JsonGet": {"PropertyFile": {"Get": "Steps.Evaluate.PropertyFiles.Other"}, "Path": "a"}},
            "no property file",
        ),
        ({"Std:JsonGet": {"PropertyFile": "Metrics", "Path": "a"}}, "is none of"),
    ],
)
def test_what_is_not_there_fails_the_step_and_says_what_is(expression: Any, message: str) -> None:
    with pytest.raises(StepFailed) as error:
        resolver().resolve(expression)
    assert message in error.value.reason


@pytest.mark.parametrize("content", [b'{"a": NaN}', b'{"a": Infinity}', b"", b"\xff", b"[" * 100_000])
def test_what_is_not_json_fails_the_step(content: bytes) -> None:
    OBJECTS["s3://b/bad.json"] = content
    with pytest.raises(StepFailed, match=r"cannot be read from s3://b/bad\.json"):
        resolver().resolve({"Std:JsonGet": {"S3Uri": "s3://b/bad.json", "Path": "a"}})
