"""What a sound file gives."""

import copy
import json
import pickle
from collections.abc import Callable
from ipaddress import IPv4Network
from pathlib import Path

import pytest
from pydantic import ValidationError

from govml.errors import UserError
from govml.settings import EnvironmentSettings, NetworkSettings, Settings, load_settings

SANDBOX = Path(__file__).parents[2] / "config/sandbox.yaml"


def test_the_sandbox_file_is_sound_and_complete() -> None:
    settings = load_settings(SANDBOX)
    assert settings.agency == "sandbox"
    assert list(settings.environments) == ["dev"]
    dev = settings.environment("dev")
    assert (dev.account, dev.cidr, dev.removal) == ("123456789012", IPv4Network("10.40.0.0/22"), "destroy")
    acceptance = settings.use_cases["hdb_resale"].acceptance
    assert {metric: bound.as_json() for metric, bound in acceptance.items()} == {
        "mape": {"max": 6.0},
        "mae": {"max": 40000},
    }
    assert settings.switches.studio
    assert settings.switches.ai_service
    assert SANDBOX.read_text().startswith("# yaml-language-server: $schema=./schema.json\n")


def test_defaults_are_the_careful_ones(load: Callable[[str], Settings], changed: Callable[..., str]) -> None:
    settings = load(changed(ai={"models": ["amazon.nova-lite-v1:0"]}))
    assert settings.environment("dev").removal == "retain"
    assert settings.allowed_regions == ("ap-southeast-1",)
    assert settings.observability.log_retention_days == 400
    assert settings.ai is not None
    assert settings.ai.prompt_attack_strength == "HIGH"
    assert "NRIC" in [pattern.name for pattern in settings.ai.patterns]


@pytest.mark.parametrize("text", ["S1234567D", "t7654321z", "G1234567X", "M1234567K"])
def test_the_default_pattern_finds_nric_and_fin(
    load: Callable[[str], Settings], changed: Callable[..., str], text: str
) -> None:
    import re

    settings = load(changed(ai={"models": ["amazon.nova-lite-v1:0"]}))
    assert settings.ai is not None
    pattern = settings.ai.patterns[0].pattern
    assert re.search(pattern, f"my number is {text}, thanks")
    assert not re.search(pattern, f"order X{text}9")


def test_settings_cannot_be_changed(load: Callable[[str], Settings], changed: Callable[..., str]) -> None:
    settings = load(changed())
    with pytest.raises(ValidationError):
        settings.agency = "other"  # type: ignore[misc]
    with pytest.raises(TypeError):
        settings.environments["uat"] = settings.environments["dev"]  # type: ignore[index]
    with pytest.raises(ValidationError):
        settings.network.reserved_cidrs = ()  # type: ignore[misc]


def test_settings_can_be_copied_and_pickled(load: Callable[[str], Settings], changed: Callable[..., str]) -> None:
    settings = load(changed())
    assert copy.deepcopy(settings) == settings
    assert pickle.loads(pickle.dumps(settings)) == settings  # noqa: S301 - our own bytes


def test_an_unknown_environment_is_a_mistake_of_the_user(
    load: Callable[[str], Settings], changed: Callable[..., str]
) -> None:
    with pytest.raises(UserError, match=r"no environment 'uat'[\s\S]*dev, prod"):
        load(changed()).environment("uat")


def test_an_empty_key_means_its_default(load: Callable[[str], Settings], changed: Callable[..., str]) -> None:
    settings = load(changed(network=None, features=None, iam={"permissions_boundary": None}))
    assert settings.network == NetworkSettings()
    assert settings.iam.permissions_boundary is None


def test_the_definition_is_found_by_the_name_or_as_written(
    load: Callable[[str], Settings], changed: Callable[..., str], repository: Path
) -> None:
    (repository / "other.json").write_text("{}")
    assert load(changed()).definition("resale") == "pipeline_code/usecases/resale/definition.json"
    assert load(changed(use_cases__resale__definition="other.json")).definition("resale") == "other.json"


def test_settings_made_in_code_obey_the_same_rules() -> None:
    environment = EnvironmentSettings(account="012345678901", cidr=IPv4Network("10.0.0.0/24"))
    with pytest.raises(ValidationError, match="overlaps"):
        Settings(
            agency="agency",
            project_code="X",
            owner="a@b.sg",
            data_classification="restricted",
            maturity="stage1",
            environments={"dev": environment, "uat": environment},
        )


def searching(repository: Path, *, values: dict[str, list[str]]) -> None:
    """Write a pipeline definition with a search space."""
    ranges = [{"Name": name, "Values": each} for name, each in values.items()]
    config = {"ParameterRanges": {"CategoricalParameterRanges": ranges}}
    step = {"Type": "Tuning", "Arguments": {"HyperParameterTuningJobConfig": config}}
    (repository / "grid.json").write_text(json.dumps({"Steps": [{"Type": "Processing"}, step]}))


@pytest.fixture
def tuned(load: Callable[[str], Settings], changed: Callable[..., str], repository: Path) -> Callable[..., Settings]:
    """Load a use case with these tuning settings and a search space of six combinations."""
    searching(repository, values={"depth": ["4", "6", "8"], "eta": ["0.1", "0.3"]})
    return lambda **tuning: load(changed(use_cases__resale__definition="grid.json", use_cases__resale__tuning=tuning))


def test_a_grid_has_as_many_trials_as_combinations(tuned: Callable[..., Settings]) -> None:
    assert tuned(strategy="Grid", trials=6).use_cases["resale"].tuning.trials == 6
    assert tuned(strategy="Random", trials=5).use_cases["resale"].tuning.trials == 5
    with pytest.raises(UserError) as refused:
        tuned(strategy="Grid", trials=5)
    assert "use_cases.resale.tuning.trials = 5: Grid tries all 6 combinations" in str(refused.value)
    assert "hint: set trials to 6, or strategy to Random or Bayesian" in str(refused.value)


def test_the_name_of_a_feature_group_fits(
    repository: Path, changed: Callable[..., str], refusal: Callable[[str], str]
) -> None:
    folder = repository / "pipeline_code/usecases/grouped"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "definition.json").write_text("{}")
    (folder / "feature_groups.json").write_text(json.dumps({"groups": [{"name": "g" * 50, "version": 2}]}))
    text = refusal(
        changed(
            features={"feature_store": True},
            use_cases__resale__definition="pipeline_code/usecases/grouped/definition.json",
        )
    )
    assert "its feature group agency-prod-resale-" + "g" * 50 + "-v2 has 72 characters, and SageMaker takes 64" in text
