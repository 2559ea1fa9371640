"""A stage is a preset of switches; an override says where it stands."""

from collections.abc import Callable
from dataclasses import asdict, fields

import pytest

from govml.settings import FeatureSettings, Settings, Switches, resolve_switches
from govml.settings.presets import OPT_IN, PRESETS

AI = {"models": ["amazon.nova-lite-v1:0"]}


def test_switches_features_and_presets_name_the_same_components() -> None:
    names = {field.name for field in fields(Switches)}
    assert set(FeatureSettings.model_fields) == names
    assert all(preset <= names for preset in PRESETS.values())
    assert PRESETS["stage1"] < PRESETS["stage2"] < PRESETS["stage3"] == names - OPT_IN


@pytest.mark.parametrize("stage", ["stage1", "stage2", "stage3"])
def test_a_stage_turns_on_its_preset(load: Callable[[str], Settings], changed: Callable[..., str], stage: str) -> None:
    settings = load(changed(maturity=stage, ai=AI))
    assert {name for name, on in asdict(settings.switches).items() if on} == PRESETS[settings.maturity]
    assert {switch.source for switch in resolve_switches(settings)} == {f"preset {stage}"}


def test_an_override_wins_and_its_line_is_known(load: Callable[[str], Settings], changed: Callable[..., str]) -> None:
    source = changed(features={"alarms": False, "studio": True, "catalogue": True})
    line = next(number for number, text in enumerate(source.splitlines(), 1) if '"alarms"' in text)
    resolved = {switch.name: switch for switch in resolve_switches(load(source))}
    assert (resolved["alarms"].value, resolved["alarms"].source) == (False, f"override, line {line}")
    assert (resolved["studio"].value, resolved["studio"].source) == (True, f"override, line {line + 1}")
    assert resolved["catalogue"].source == f"override, line {line + 2}"  # also when it repeats the preset
    assert resolved["dashboards"].source == "preset stage2"
