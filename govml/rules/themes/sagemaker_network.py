"""SageMaker jobs and models run in the agency's network, see no other, and encrypt what their containers say to each other.

Wherever the job stands: a resource, a step of a pipeline, a state of Step Functions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from govml.rules.demands import given, in_vpc, switched_on
from govml.rules.options import Options
from govml.rules.registry import rule
from govml.rules.requests import HOLDERS, JOB_DEFINITIONS, Request, requests_of
from govml.rules.template import Resource, Template
from govml.rules.values import false, get, listed

Paths = Mapping[str, tuple[str, ...]]

_MONITORING = ("MonitoringJobDefinition", *(f"Create{kind}JobDefinition" for kind in JOB_DEFINITIONS.values()))
_PROCESSING: Paths = dict.fromkeys(("CreateProcessingJob", *_MONITORING), ("NetworkConfig",))
_TRAINING: Paths = {"CreateTrainingJob": (), "TunedTrainingJob": ()}
_AUTO_ML: Paths = {"CreateAutoMLJob": ("AutoMLJobConfig", "SecurityConfig"), "CreateAutoMLJobV2": ("SecurityConfig",)}
_CONNECTED: Paths = {
    **{action: (*path, "VpcConfig") for action, path in {**_TRAINING, **_PROCESSING, **_AUTO_ML}.items()},
    "CreateModel": ("VpcConfig",),
    "CreateCluster": ("VpcConfig",),
    "InstanceGroup": ("OverrideVpcConfig",),
    "CreateModelCustomizationJob": ("VpcConfig",),
}
_ISOLATED: Paths = {**_TRAINING, **_PROCESSING, "CreateModel": ()}
_DISTRIBUTED: Paths = {**_TRAINING, **_PROCESSING, **_AUTO_ML}


def hosts_components(request: Request) -> bool:
    """Return whether an endpoint configuration is for inference components: its variants name no model."""
    variants = [each for each in listed(request.get("ProductionVariants")) if isinstance(each, Mapping)]
    return bool(variants) and not any(given(get(each, "ModelName")) for each in variants)


def _calls_services(request: Request) -> bool:
    """Return whether a job in the VPC says which services it calls; where its isolation is said to be off, that is why.

    MLflow's address says so by itself. A processing job may name others in `GOVML_NETWORK_FOR`, for whoever reads the
    definition; a container that trains or serves a model has no such reason.
    """
    inside = in_vpc(request.get(*_CONNECTED.get(request.action, ("VpcConfig",))))
    named = request.action == "CreateProcessingJob" and given(request.get("Environment", "GOVML_NETWORK_FOR"))
    return inside and (named or given(request.get("Environment", "MLFLOW_TRACKING_URI")))


def _inside(request: Request) -> bool:
    return request.action == "CreateEndpointConfig" and hosts_components(request)


@rule(
    "GovML-SageMakerVpc",
    *HOLDERS,
    title="SageMaker models and jobs run in subnets and security groups of the agency",
    rationale="Without VpcConfig a container reaches the internet by SageMaker's network, past endpoint policies and flow logs.",
    severity="high",
    controls=("SC-7", "AC-4"),
    public_sector_controls=("NS-1", "NS-3"),
    source='SageMaker developer guide, "Give SageMaker training jobs access to resources in your Amazon VPC"',
)
def sagemaker_vpc(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """Ask each request for its VPC."""
    for request in requests_of(resource):
        path = ("VpcConfig",) if _inside(request) else _CONNECTED.get(request.action)
        if path and not in_vpc(request.get(*path)):
            yield f"{request.where}{'.'.join(path)} names no subnets and security groups: it runs outside the VPC"


@rule(
    "GovML-SageMakerIsolation",
    *HOLDERS,
    title="SageMaker containers are cut off from all networks",
    rationale="A container in network isolation cannot send data away, whatever code or model it was given.",
    severity="high",
    controls=("SC-7", "SC-7(10)", "AC-4"),
    public_sector_controls=("NS-1", "NS-3"),
    source='SageMaker developer guide, "Run training and inference containers in internet-free mode"',
)
def sagemaker_isolation(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """Ask each request for EnableNetworkIsolation; a job in the VPC that calls MLflow or named services cannot have it."""
    for request in requests_of(resource):
        path = () if _inside(request) else _ISOLATED.get(request.action)
        value = None if path is None else request.get(*path, "EnableNetworkIsolation")
        if path is not None and not switched_on(value) and not (false(value) and _calls_services(request)):
            yield f"{request.where}{'.'.join((*path, 'EnableNetworkIsolation'))} is not true: the container has a network"


@rule(
    "GovML-SageMakerTrafficEncryption",
    *HOLDERS,
    title="Containers of a SageMaker job encrypt the traffic between them",
    rationale="Instances of a distributed job exchange data and weights in the clear unless told otherwise.",
    severity="medium",
    controls=("SC-8", "SC-8(1)", "SC-13"),
    public_sector_controls=("NS-7", "DP-3"),
    source='SageMaker developer guide, "Protect communications between ML compute instances in a distributed training job"',
)
def sagemaker_traffic_encryption(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """Ask each job for EnableInterContainerTrafficEncryption."""
    for request in requests_of(resource):
        path = _DISTRIBUTED.get(request.action)
        if path is not None and not switched_on(request.get(*path, "EnableInterContainerTrafficEncryption")):
            yield f"{request.where}{'.'.join((*path, 'EnableInterContainerTrafficEncryption'))} is not true"
