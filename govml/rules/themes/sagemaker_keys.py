"""SageMaker jobs and endpoints encrypt their volumes and what they write with the agency's keys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from govml.rules.demands import given, key_problem, own_key
from govml.rules.options import Options
from govml.rules.registry import rule
from govml.rules.requests import HOLDERS, JOB_DEFINITIONS, Request, requests_of
from govml.rules.template import Resource, Template
from govml.rules.values import get, listed
from govml.settings.instance_families import takes_no_key

_KINDS = JOB_DEFINITIONS.values()
_VOLUMES: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "CreateTrainingJob": (("ResourceConfig",),),
    "TunedTrainingJob": (("ResourceConfig",), ("HyperParameterTuningResourceConfig",)),
    "CreateProcessingJob": (("ProcessingResources", "ClusterConfig"),),
    "CreateTransformJob": (("TransformResources",),),
    "MonitoringJobDefinition": (("MonitoringResources", "ClusterConfig"),),
    "CreateAutoMLJob": (("AutoMLJobConfig", "SecurityConfig"),),
    "CreateAutoMLJobV2": (("SecurityConfig",),),
    **{f"Create{kind}JobDefinition": (("JobResources", "ClusterConfig"),) for kind in _KINDS},
}
# Action -> (where the output's settings are, whether they must be there)
_OUTPUTS: Mapping[str, tuple[tuple[tuple[str, ...], bool], ...]] = {
    "CreateTrainingJob": ((("OutputDataConfig",), True),),
    "TunedTrainingJob": ((("OutputDataConfig",), True),),
    "CreateProcessingJob": ((("ProcessingOutputConfig",), False),),
    "CreateTransformJob": ((("TransformOutput",), True), (("DataCaptureConfig",), False)),
    "MonitoringJobDefinition": ((("MonitoringOutputConfig",), True),),
    "CreateAutoMLJob": ((("OutputDataConfig",), True),),
    "CreateAutoMLJobV2": ((("OutputDataConfig",), True),),
    "CreateCompilationJob": ((("OutputConfig",), True),),
    "CreateLabelingJob": ((("OutputConfig",), True),),
    "CreateEndpointConfig": ((("AsyncInferenceConfig", "OutputConfig"), False), (("DataCaptureConfig",), False)),
    **{f"Create{kind}JobDefinition": (((f"{kind}JobOutputConfig",), True),) for kind in _KINDS},
}


def variants_of(request: Request) -> list[Mapping[str, object]]:
    """Return the variants of an endpoint configuration, the shadow ones too."""
    held = [*listed(request.get("ProductionVariants")), *listed(request.get("ShadowProductionVariants"))]
    return [each for each in held if isinstance(each, Mapping)]


def _takes_no_key(instance: object) -> bool:
    return isinstance(instance, str) and takes_no_key(instance)


@rule(
    "GovML-SageMakerVolumeKey",
    *HOLDERS,
    title="Volumes of SageMaker jobs and endpoints are encrypted with a key of the agency",
    rationale="Training data, models and requests lie on these volumes; only an own key can be withdrawn and leaves a trail.",
    severity="medium",
    controls=("SC-28", "SC-28(1)", "SC-12", "SC-13"),
    public_sector_controls=("DP-2", "CK-1"),
    source="SageMaker API reference, `ResourceConfig`, `ProcessingClusterConfig`, `CreateEndpointConfig`",
)
def sagemaker_volume_key(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """Look for the key, except where the instance type takes none."""
    for request in requests_of(resource):
        if request.action == "CreateEndpointConfig":
            variants = variants_of(request)
            with_volume = [each for each in variants if not given(each.get("ServerlessConfig"))]
            exempt = variants and not any(not _takes_no_key(each.get("InstanceType")) for each in with_volume)
            if not exempt and not own_key(request.get("KmsKeyId")):
                yield f"{request.where}KmsKeyId {key_problem(request.get('KmsKeyId'))}"
            continue
        paths = _VOLUMES.get(request.action, ())
        found = [request.get(*path, "VolumeKmsKeyId") for path in paths]
        types = [request.get(*path, "InstanceType") for path in paths]
        if found and not any(map(own_key, found)) and not any(map(_takes_no_key, types)):
            said = next((each for each in found if given(each)), None)
            yield f"{request.where}{'.'.join((*paths[0], 'VolumeKmsKeyId'))} {key_problem(said)}"


_OTHER_KEYS: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "AWS::SageMaker::InferenceExperiment": (("KmsKey",), ("DataStorageConfig", "KmsKey")),
    "AWS::SageMaker::PartnerApp": (("KmsKeyId",),),
    "AWS::SageMaker::DeviceFleet": (("OutputConfig", "KmsKeyId"),),
}


@rule(
    "GovML-SageMakerStorageKey",
    *_OTHER_KEYS,
    title="Shadow tests, partner apps and device fleets are encrypted with a key of the agency",
    rationale="They keep copies of requests and models beside those of endpoints and jobs.",
    severity="medium",
    controls=("SC-28", "SC-28(1)", "SC-12"),
    public_sector_controls=("DP-2", "CK-1"),
    source="CloudFormation template reference, `AWS::SageMaker::InferenceExperiment`",
)
def sagemaker_storage_key(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """Look at each key; a shadow test need not store data."""
    for path in _OTHER_KEYS[resource.type]:
        held = resource.get(*path)
        stored = path[0] != "DataStorageConfig" or given(resource.get("DataStorageConfig"))
        if stored and not own_key(held):
            yield f"{'.'.join(path)} {key_problem(held)}"


@rule(
    "GovML-SageMakerOutputKey",
    *HOLDERS,
    title="What SageMaker jobs and endpoints write is encrypted with a key of the agency",
    rationale="Models, predictions and captured requests are as sensitive as the data they were made of.",
    severity="medium",
    controls=("SC-28", "SC-28(1)", "SC-12", "SC-13"),
    public_sector_controls=("DP-2", "CK-1"),
    source="SageMaker API reference, `OutputDataConfig`, `ProcessingOutputConfig`, `TransformOutput`, `DataCaptureConfig`",
)
def sagemaker_output_key(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """Look at the settings of each output that a request has."""
    for request in requests_of(resource):
        for path, needed in _OUTPUTS.get(request.action, ()):
            key = request.get(*path, "KmsKeyId")
            if (needed or given(request.get(*path))) and not own_key(key):
                yield f"{request.where}{'.'.join((*path, 'KmsKeyId'))} {key_problem(key)}"
        for each in listed(request.get("ProcessingInputs")) if request.action == "CreateProcessingJob" else ():
            for kind in ("AthenaDatasetDefinition", "RedshiftDatasetDefinition"):
                held = get(each, "DatasetDefinition", kind)
                if held is not None and not own_key(get(held, "KmsKeyId")):
                    yield f"{request.where}{kind}.KmsKeyId {key_problem(get(held, 'KmsKeyId'))}"
        for variant in variants_of(request) if request.action == "CreateEndpointConfig" else ():
            dump = variant.get("CoreDumpConfig")
            if dump is not None and not own_key(get(dump, "KmsKeyId")):
                yield f"{request.where}CoreDumpConfig.KmsKeyId {key_problem(get(dump, 'KmsKeyId'))}: a core holds requests"
        if request.action == "CreateModelCustomizationJob" and not own_key(request.get("CustomModelKmsKeyId")):
            yield f"{request.where}CustomModelKmsKeyId {key_problem(request.get('CustomModelKmsKeyId'))}"
