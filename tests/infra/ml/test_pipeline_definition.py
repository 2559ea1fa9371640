"""`pipeline_definition`: every placeholder is filled, nothing else is touched, what does not fit is told clearly."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govml_constructs.ml.pipeline_definition import DefinitionError, fill, load_definition, tag_jobs

VALUES = {"CodeUri": "s3://assets/code.zip", "KmsKeyArn": "arn:aws:kms:key"}
LISTS = {"SubnetIds": ["subnet-1", "subnet-2"]}

TEXT = st.text(max_size=20).filter(lambda text: "${govml." not in text)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=20,
)


def definition(**parts: Any) -> dict[str, Any]:
    return {"Version": "2020-12-01", "Parameters": [], "Steps": [], **parts}


def filled(node: Any, **parameters: object) -> Any:
    parts = definition(Steps=[node], Parameters=[{"Name": "MaxMae", "Type": "Float", "DefaultValue": 1.0}])
    return fill(parts, values=VALUES, lists=LISTS, parameters=parameters)["Steps"][0]


@given(JSON)
@settings(max_examples=100, deadline=None)
def test_json_without_placeholders_stays_as_it_is(node: Any) -> None:
    before = copy.deepcopy(node)
    assert filled(node) == before
    assert node == before


@given(st.lists(TEXT, min_size=2, max_size=4), JSON)
@settings(max_examples=50, deadline=None)
def test_a_placeholder_is_filled_wherever_it_stands_in_a_string(parts: list[str], beside: Any) -> None:
    node = {"a": [beside, {"b": "${govml.CodeUri}".join(parts)}]}
    assert filled(node) == {"a": [beside, {"b": VALUES["CodeUri"].join(parts)}]}


def test_several_placeholders_in_one_string() -> None:
    assert filled("${govml.CodeUri}|${govml.KmsKeyArn}") == f"{VALUES['CodeUri']}|{VALUES['KmsKeyArn']}"


def test_a_value_that_looks_like_a_placeholder_or_a_pattern_is_not_read_again() -> None:
    values = {"CodeUri": r"\1 ${govml.KmsKeyArn} ${Token[TOKEN.7]}", "KmsKeyArn": "never"}
    out = fill(definition(Steps=["${govml.CodeUri}"]), values=values, lists={}, parameters={})
    assert out["Steps"] == [values["CodeUri"]]


def test_a_list_is_spliced_where_it_stands_as_an_element() -> None:
    assert filled(["first", "${govml.SubnetIds}", "last"]) == ["first", "subnet-1", "subnet-2", "last"]


def test_the_given_definition_is_not_changed() -> None:
    given_definition = definition(Steps=["${govml.CodeUri}"], Parameters=[{"Name": "MaxMae", "DefaultValue": 1.0}])
    before = copy.deepcopy(given_definition)
    fill(given_definition, values=VALUES, lists=LISTS, parameters={"MaxMae": 2.0})
    assert given_definition == before


def test_parameter_defaults_are_overridden_and_the_others_stay() -> None:
    declared = [{"Name": "MaxMae", "DefaultValue": 1.0}, {"Name": "Seed", "DefaultValue": 7}]
    out = fill(definition(Parameters=declared), values={}, lists={}, parameters={"MaxMae": 2.5})
    assert out["Parameters"] == [{"Name": "MaxMae", "DefaultValue": 2.5}, {"Name": "Seed", "DefaultValue": 7}]


@pytest.mark.parametrize("name", ["Nonsense", "Code_Uri", "codeuri", "", "Code Uri", "KmsKeyArn2"])
def test_an_unknown_placeholder_is_refused_with_its_place_and_the_known_names(name: str) -> None:
    with pytest.raises(DefinitionError) as refusal:
        filled({"Arguments": ["x", {"Key": f"a ${{govml.{name}}} b"}]})
    message = str(refusal.value)
    assert f"${{govml.{name}}}" in message
    assert "$.Steps[0].Arguments[1].Key" in message
    assert "CodeUri, KmsKeyArn, SubnetIds" in message


@pytest.mark.parametrize("node", [{"Subnets": "${govml.SubnetIds}"}, ["a ${govml.SubnetIds}"]])
def test_a_list_inside_a_string_is_refused(node: Any) -> None:
    with pytest.raises(DefinitionError, match=r"\$\.Steps\[0\].*SubnetIds.*list element"):
        filled(node)


def test_a_parameter_that_the_pipeline_does_not_have_is_refused() -> None:
    with pytest.raises(DefinitionError, match=r"no parameter 'MaxMea'; it has MaxMae"):
        filled("x", MaxMea=1)


def test_a_definition_is_read(tmp_path: Path) -> None:
    path = tmp_path / "definition.json"
    path.write_text(json.dumps(definition()))
    assert load_definition(path) == definition()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('{"Version": ', "is not JSON"),
        ("[]", "not a SageMaker pipeline definition"),
        ('{"Version": "2019-01-01", "Steps": []}', "version 2020-12-01"),
        ('{"Version": "2020-12-01"}', "not a SageMaker pipeline definition"),
        (b"\xff\xfe{}", "is not JSON"),
    ],
)
def test_a_file_that_is_no_definition_is_refused(tmp_path: Path, content: str | bytes, message: str) -> None:
    path = tmp_path / "definition.json"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(DefinitionError, match=message) as refusal:
        load_definition(path)
    assert str(path) in str(refusal.value)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DefinitionError, match=r"none\.json: cannot read.*No such file"):
        load_definition(tmp_path / "none.json")


def test_every_job_that_a_step_starts_is_tagged_also_behind_a_condition_and_nothing_else() -> None:
    register = {"Name": "Register", "Type": "RegisterModel", "Arguments": {"ModelApprovalStatus": "Pending"}}
    steps = [
        {"Name": "Prepare", "Type": "Processing", "Arguments": {"RoleArn": "r"}},
        {"Name": "Tune", "Type": "Tuning", "Arguments": {"Tags": [{"Key": "govml-use-case", "Value": "own"}]}},
        {
            "Name": "Gate",
            "Type": "Condition",
            "Arguments": {
                "IfSteps": [register, {"Name": "Again", "Type": "Training", "Arguments": {}}],
                "ElseSteps": [],
            },
        },
    ]
    given_definition = definition(Steps=steps)
    before = copy.deepcopy(given_definition)
    prepare, tune, gate = tag_jobs(given_definition, {"govml-use-case": "resale", "Environment": "dev"})["Steps"]
    both = [{"Key": "govml-use-case", "Value": "resale"}, {"Key": "Environment", "Value": "dev"}]
    assert prepare["Arguments"] == {"RoleArn": "r", "Tags": both}
    assert tune["Arguments"]["Tags"] == [{"Key": "govml-use-case", "Value": "own"}, both[1]]
    assert gate["Arguments"]["IfSteps"] == [
        register,
        {"Name": "Again", "Type": "Training", "Arguments": {"Tags": both}},
    ]
    assert given_definition == before
