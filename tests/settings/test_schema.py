"""The JSON Schema that editors use: committed, current, and as strict as the models where a schema can be."""

import json
from pathlib import Path
from typing import Any, get_args

import jsonschema
import pytest
from ruamel.yaml import YAML

from govml.settings.ai import PiiType
from govml.settings.reading.schema import allowed_keys, description, schema, schema_text

CONFIG = Path(__file__).parents[2] / "config"


def _objects(place: Any) -> list[dict[str, Any]]:
    found = [place] if isinstance(place, dict) and "properties" in place else []
    children = place.values() if isinstance(place, dict) else place if isinstance(place, list) else []
    return found + [each for child in children for each in _objects(child)]


def test_the_committed_schema_is_the_models_schema() -> None:
    committed = (CONFIG / "schema.json").read_text(encoding="utf-8")
    assert committed == schema_text(), "run `govml config schema --output config/schema.json`"


def test_every_key_is_described_and_no_other_is_allowed() -> None:
    jsonschema.Draft202012Validator.check_schema(schema())
    objects = _objects(schema())
    assert len(objects) >= 10
    for each in objects:
        assert each["additionalProperties"] is False
        for name, field in each["properties"].items():
            assert len(field.get("description", "")) >= 5, name


def test_the_sandbox_file_obeys_it() -> None:
    jsonschema.validate(YAML(typ="safe", pure=True).load(CONFIG / "sandbox.yaml"), schema())


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (["maturity"], "stage4"),
        (["data_classification"], "secret"),
        (["environments", "qa"], {"account": "123456789012", "cidr": "10.0.0.0/24"}),
        (["environments", "dev", "account"], 123456789012),
        (["environments", "dev", "removal"], "delete"),
        (["features", "studoi"], True),
        (["observability", "log_retention_days"], 90),
        (["use_cases", "Bad-Name"], {"acceptance": {"mape": {"max": 1}}}),
        (["ai", "prompt_attack_strength"], "NONE"),
    ],
)
def test_an_editor_sees_the_mistake(path: list[str], value: Any) -> None:
    data = YAML(typ="safe", pure=True).load(CONFIG / "sandbox.yaml")
    place = data
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(data, schema())


def test_our_own_messages_find_their_way_through_it() -> None:
    assert allowed_keys(("environments",)) == ["dev", "uat", "prod"]
    assert "removal" in allowed_keys(("environments", "dev"))
    assert "max" in allowed_keys(("use_cases", "anything", "acceptance", "mape"))
    assert "action" in allowed_keys(("ai", "pii", 0))
    assert allowed_keys(("agency", "deeper", 3)) == []
    assert description(("use_cases", "x", "instance_type")).startswith("SageMaker instance type")


def test_kinds_of_personal_data_are_those_that_bedrock_knows() -> None:
    import botocore.session

    shape = botocore.session.get_session().get_service_model("bedrock").shape_for("GuardrailPiiEntityType")
    assert list(get_args(PiiType)) == json.loads(json.dumps(shape.enum))
