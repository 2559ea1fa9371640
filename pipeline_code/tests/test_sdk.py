"""What needs the SageMaker SDK: the definition is authored offline, byte for byte, and each work-around is still needed."""

from __future__ import annotations

import importlib.metadata
import json
from pathlib import Path
from typing import Any

import pytest

from govml_pipeline.authoring import __main__ as authoring
from govml_pipeline.authoring import placeholders as open_values

ROOT = Path(__file__).parents[1]
pytestmark = [
    pytest.mark.sdk,
    pytest.mark.skipif(
        not importlib.util.find_spec("sagemaker.mlops"),
        reason="the SageMaker SDK is not installed (requirements/dev.txt)",
    ),
]


@pytest.fixture(scope="module")
def rendered() -> str:
    return authoring.render("usecases.hdb_resale")


def test_regenerates_byte_for_byte(rendered: str) -> None:
    assert rendered == authoring.definition_path("usecases.hdb_resale").read_text(encoding="utf-8")
    assert authoring.render("usecases.hdb_resale") == rendered


def test_every_committed_definition_is_checked() -> None:
    deployed_beside = ["pipelines.features", "pipelines.fetching", "pipelines.ingestion", "pipelines.monitoring"]
    use_cases = [f"usecases.{path.parent.name}" for path in ROOT.glob("usecases/*/definition.json")]
    assert authoring.packages() == [*deployed_beside, *sorted(use_cases)]
    for package in (*deployed_beside, *(each for each in use_cases if each != "usecases.hdb_resale")):
        assert authoring.main([package, "--check"]) == 0


def test_jobs_are_about_one_thing() -> None:
    from govml_pipeline.authoring.jobs import JobFactory

    for subject in ({}, {"use_case": "a", "source": "b"}):
        with pytest.raises(ValueError, match="either a use case or a data source"):
            JobFactory(instance_type="ml.m5.large", **subject)


def test_check_finds_a_difference_and_writes_nothing(
    rendered: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "definition.json"
    path.write_text(rendered.replace('"DefaultValue": 12', '"DefaultValue": 6'))
    monkeypatch.setattr(authoring, "definition_path", lambda _: path)
    monkeypatch.setattr(authoring, "render", lambda _: rendered)
    before = path.read_bytes()
    assert authoring.main(["usecases.hdb_resale", "--check"]) == 1
    assert '+   "DefaultValue": 12' in capsys.readouterr().err
    assert path.read_bytes() == before
    assert authoring.main(["usecases.hdb_resale"]) == 0
    assert path.read_text() == rendered
    assert authoring.main(["usecases.hdb_resale", "--check"]) == 0


def test_an_invalid_definition_is_not_written(
    rendered: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "definition.json"
    monkeypatch.setattr(authoring, "definition_path", lambda _: path)
    wrong = rendered.replace('"EnableNetworkIsolation": true', '"EnableNetworkIsolation": false')
    monkeypatch.setattr(authoring, "render", lambda _: wrong)
    assert authoring.main(["usecases.hdb_resale"]) == 1
    assert "network isolation is False" in capsys.readouterr().err
    assert not path.exists()


def test_authoring_cannot_reach_the_network() -> None:
    from govml_pipeline.authoring.session import NetworkCallError, OfflineSession, offline_boto_session

    with pytest.raises(NetworkCallError):
        offline_boto_session("ap-southeast-1").client("sts").get_caller_identity()
    with pytest.raises(NetworkCallError):
        OfflineSession().upload_data("code.py")
    with pytest.raises(NetworkCallError):
        OfflineSession().upload_string_as_file_body("x", "bucket", "key")


def test_the_work_arounds_are_for_the_installed_version() -> None:
    from govml_pipeline.authoring.sdk import SDK_VERSION

    assert importlib.metadata.version("sagemaker") == SDK_VERSION


def trainer(kind: type, **options: Any) -> Any:
    from sagemaker.core.training.configs import Compute

    from govml_pipeline.authoring.session import OfflineSession

    return kind(
        training_image="image",
        role=open_values.ROLE_STAND_IN,
        sagemaker_session=OfflineSession(),
        base_job_name="x",
        compute=Compute(instance_type="ml.m5.large", instance_count=1),
        **options,
    )


def test_model_trainer_still_takes_no_entrypoint() -> None:
    """Fails once upstream lets `ModelTrainer` set it: use that, and drop `EntrypointTrainer`."""
    from sagemaker.train.model_trainer import ModelTrainer

    assert not [name for name in ModelTrainer.model_fields if "entrypoint" in name or "container_arg" in name]
    request = trainer(ModelTrainer)._create_training_job_args()
    assert "ContainerEntrypoint" not in request["AlgorithmSpecification"]


def test_our_trainer_sets_the_entrypoint() -> None:
    from govml_pipeline.authoring.sdk import EntrypointTrainer

    request = trainer(EntrypointTrainer).with_entrypoint(["python3", "x.zip"], ["train"])._create_training_job_args()
    assert request["AlgorithmSpecification"]["ContainerEntrypoint"] == ["python3", "x.zip"]
    assert request["AlgorithmSpecification"]["ContainerArguments"] == ["train"]


def tuning_request(tuner_kind: type, **options: Any) -> dict[str, Any]:
    """Return what a tuner would ask of the service."""
    from sagemaker.core.parameter import CategoricalParameter
    from sagemaker.core.workflow.utilities import execute_job_functions

    from govml_pipeline.authoring.session import OfflineSession
    from govml_pipeline.authoring.training import protected_trainer

    session = OfflineSession()
    made = protected_trainer(
        session=session,
        name="x",
        arguments=["trial"],
        instance_type="ml.m5.large",
        instance_count=1,
        output_uri="s3://bucket/x",
        hyperparameters={},
        max_seconds=60,
    )
    tuner = tuner_kind(
        model_trainer=made,
        objective_metric_name="m",
        metric_definitions=[{"Name": "m", "Regex": "m=(.*)"}],
        hyperparameter_ranges={"depth": CategoricalParameter(["1", "2"])},
        **{"max_jobs": 3, **options},
    )
    execute_job_functions(tuner.tune(inputs=[]))
    request: dict[str, Any] = session.context.args
    return request


PROTECTION = ("EnableNetworkIsolation", "EnableInterContainerTrafficEncryption")


def test_the_tuner_still_drops_protection() -> None:
    """Each fails once upstream keeps it: drop it from `ProtectedTuner._build_training_job_definition`."""
    from sagemaker.train.tuner import HyperparameterTuner

    definition = tuning_request(HyperparameterTuner)["TrainingJobDefinition"]
    assert not [name for name in PROTECTION if definition.get(name) is not None]
    assert definition["ResourceConfig"].get("VolumeKmsKeyId") is None
    assert definition["OutputDataConfig"]["KmsKeyId"] == open_values.KMS_KEY_ARN  # this one it keeps


def test_our_tuner_keeps_protection() -> None:
    from govml_pipeline.authoring.sdk import ProtectedTuner

    definition = tuning_request(ProtectedTuner)["TrainingJobDefinition"]
    assert [definition[name] for name in PROTECTION] == [True, True]
    assert definition["ResourceConfig"]["VolumeKmsKeyId"] == open_values.KMS_KEY_ARN
    assert definition["VpcConfig"]["Subnets"] == [open_values.SUBNET_IDS]


@pytest.mark.parametrize("limit", ["max_jobs", "max_parallel_jobs"])
def test_the_tuner_still_refuses_parameters_as_limits(limit: str) -> None:
    """Fails once upstream takes them: drop `ProtectedTuner._build_tuning_job_config`."""
    from pydantic import ValidationError
    from sagemaker.core.workflow import ParameterInteger
    from sagemaker.train.tuner import HyperparameterTuner

    with pytest.raises(ValidationError, match="valid integer"):
        tuning_request(HyperparameterTuner, **{limit: ParameterInteger("Limit")})


def test_our_tuner_takes_parameters() -> None:
    from sagemaker.core.workflow import ParameterInteger, ParameterString

    from govml_pipeline.authoring.sdk import ProtectedTuner

    strategy, seed = ParameterString("Strategy"), ParameterInteger("Seed")
    trials, parallel = ParameterInteger("Trials"), ParameterInteger("Parallel")
    options = {"strategy": strategy, "random_seed": seed, "max_jobs": trials, "max_parallel_jobs": parallel}
    config = tuning_request(ProtectedTuner, **options)["HyperParameterTuningJobConfig"]
    assert config["Strategy"] is strategy
    assert config["RandomSeed"] is seed
    assert config["ResourceLimits"] == {"MaxNumberOfTrainingJobs": trials, "MaxParallelTrainingJobs": parallel}


def test_the_service_still_takes_no_entrypoint_for_trials() -> None:
    """Fails once the API of tuning jobs has it: set it there, and drop GOVML_COMMAND and `image/train`."""
    import botocore.session

    model = botocore.session.Session().get_service_model("sagemaker")
    assert "ContainerEntrypoint" not in model.shape_for("HyperParameterAlgorithmSpecification").members
    assert "ContainerEntrypoint" in model.shape_for("AlgorithmSpecification").members


def test_a_trial_s_command_is_plain_words() -> None:
    from govml_pipeline.authoring.tuning import command_of

    command = f"python3 /opt/ml/input/data/code/{open_values.CODE_FILE} trial --use-case x"
    assert command_of(["trial", "--use-case", "x"]) == {"GOVML_COMMAND": command}
    for word in ("two words", ""):
        with pytest.raises(ValueError, match="plain words"):
            command_of(["trial", word])


def test_a_search_space_must_have_something_to_vary() -> None:
    from govml_pipeline.authoring.tuning import search_space

    assert search_space({"eta": (0.05, 0.1)})["eta"].values == ["0.05", "0.1"]
    with pytest.raises(ValueError, match="no search space"):
        search_space({})


def test_model_builder_still_adds_script_mode() -> None:
    """Fails once upstream leaves `SAGEMAKER_*` out: drop `without_script_mode`."""
    import importlib

    pipeline = importlib.import_module("usecases.hdb_resale.pipeline").build()
    raw = pipeline.definition()
    assert "SAGEMAKER_SUBMIT_DIRECTORY" in raw
    from govml_pipeline.authoring.sdk import without_script_mode

    assert "SAGEMAKER_" not in json.dumps(without_script_mode(json.loads(raw)))


def test_variables_that_are_not_of_script_mode_are_kept() -> None:
    from govml_pipeline.authoring.sdk import without_script_mode

    container = {"Image": "i", "Environment": {"SAGEMAKER_REGION": "x", "MINE": "y"}}
    step = {"Type": "RegisterModel", "Arguments": {"InferenceSpecification": {"Containers": [container]}}}
    without_script_mode({"Steps": [{"Type": "Condition", "Arguments": {"IfSteps": [step], "ElseSteps": []}}]})
    assert container == {"Image": "i", "Environment": {"MINE": "y"}}


def test_the_sdk_still_asks_iam_about_a_role_that_is_no_arn() -> None:
    """Fails once upstream leaves roles alone: author with the placeholder and drop the stand-in."""
    from sagemaker.train.model_trainer import ModelTrainer

    from govml_pipeline.authoring.session import NetworkCallError

    with pytest.raises(NetworkCallError, match="iam"):
        ModelTrainer(
            training_image="image",
            role=open_values.EXECUTION_ROLE_ARN,
            sagemaker_session=__import__("govml_pipeline.authoring.session", fromlist=["x"]).OfflineSession(),
        )


def test_telemetry_is_cut() -> None:
    import sagemaker.core.telemetry.telemetry_logging as telemetry

    from govml_pipeline.authoring.sdk import disable_telemetry

    disable_telemetry()
    assert telemetry._send_telemetry_request.__module__ == "govml_pipeline.authoring.sdk"
