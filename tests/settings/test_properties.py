"""Whatever the file holds, loading gives settings or a `UserError`, and nothing else."""

import json
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from govml.errors import UserError
from govml.settings import Settings, load_settings
from govml.settings.reading.yaml_reader import UnreadableError, read_nodes

SANDBOX_FILE = Path(__file__).parents[2] / "config/sandbox.yaml"
SANDBOX: dict[str, Any] = YAML(typ="safe", pure=True).load(SANDBOX_FILE)
KEYS = st.sampled_from(sorted({*SANDBOX, *Settings.model_fields, "dev", "prod", "models", "acceptance", "account"}))
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=12),
    st.sampled_from(["stage1", "10.0.0.0/24", "123456789012", "cron(0 0 ? * ? *)", "ml.m5.large", "destroy"]),
)
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS | st.text(max_size=6), inner, max_size=4)
)
SYNTAX = st.text(alphabet=st.sampled_from("ab:- \n\t\"'{}[],#&*!|>%@`?~0123.\\x<="), max_size=60)
QUICK = settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def _loads_or_refuses(tmp_path: Path, text: str) -> None:
    path = tmp_path / "agency.yaml"
    path.write_text(text, encoding="utf-8", errors="surrogatepass")
    try:
        assert isinstance(load_settings(path), Settings)
    except UserError as error:
        assert str(path) in str(error)
        assert "\x1b" not in str(error)


@QUICK
@given(text=st.text(max_size=200) | SYNTAX)
def test_any_text(tmp_path: Path, text: str) -> None:
    _loads_or_refuses(tmp_path, text)


@QUICK
@given(text=SYNTAX)
def test_the_reader_agrees_with_a_yaml_library(text: str) -> None:
    """What we read is what YAML 1.2 says, for text that a full YAML reader takes too."""
    try:
        root, problems = read_nodes(text)
    except UnreadableError:
        return
    if problems or root is None:
        return
    try:
        expected = YAML(typ="safe", pure=True).load(text)
    except YAMLError:  # it builds objects, we do not: `=` alone is a tag to it
        return
    assume(_only_core_types(expected))
    assert str(root.data()) == str(expected)


def _only_core_types(value: Any) -> bool:
    """We keep every key as its text and know no dates; where a full reader does otherwise, nothing can be compared."""
    if isinstance(value, dict):
        return all(isinstance(key, str) and _only_core_types(item) for key, item in value.items())
    if isinstance(value, list):
        return all(_only_core_types(item) for item in value)
    return value is None or isinstance(value, str | bool | int | float)


@QUICK
@given(data=st.dictionaries(KEYS, VALUES, max_size=8))
def test_any_mapping(tmp_path: Path, data: dict[str, Any]) -> None:
    _loads_or_refuses(tmp_path, json.dumps(data))


@QUICK
@given(data=st.data())
def test_a_sound_file_with_one_value_replaced(tmp_path: Path, data: st.DataObject) -> None:
    mutated = json.loads(json.dumps(SANDBOX))
    place: Any = mutated
    while True:
        choices = sorted(place) if isinstance(place, dict) else list(range(len(place)))
        key = data.draw(st.sampled_from(choices))
        if isinstance(place[key], dict | list) and place[key] and data.draw(st.booleans()):
            place = place[key]
        else:
            break
    if data.draw(st.booleans()):
        place[key] = data.draw(VALUES)
    else:
        del place[key]
    _loads_or_refuses(tmp_path, json.dumps(mutated))
