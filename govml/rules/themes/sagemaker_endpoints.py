"""Endpoints: what is captured for monitoring, who reaches the instances, and how a release is taken back."""

from __future__ import annotations

from collections.abc import Iterator

from govml.rules.demands import given, switched_on
from govml.rules.options import Options
from govml.rules.registry import rule
from govml.rules.requests import HOLDERS, Request, requests_of
from govml.rules.template import Resource, Template
from govml.rules.themes.sagemaker_keys import variants_of
from govml.rules.themes.sagemaker_network import hosts_components
from govml.rules.values import get, true


def _endpoint_configs(resource: Resource) -> Iterator[Request]:
    return (each for each in requests_of(resource) if each.action == "CreateEndpointConfig")


@rule(
    "GovML-EndpointDataCapture",
    *HOLDERS,
    title="Endpoints capture requests and answers",
    rationale="Without captured data neither drift nor misuse of a model can be seen, and no decision can be traced back.",
    severity="medium",
    controls=("AU-2", "AU-12", "SI-4"),
    public_sector_controls=("LM-4", "LM-16"),
    source='SageMaker developer guide, "Data capture"',
)
def endpoint_data_capture(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """Ask for capture that is on, and of more than nothing.

    Asynchronous endpoints keep requests and answers in S3 themselves, and endpoints of inference components are
    configured by component: there the absence of the setting says nothing.
    """
    for request in _endpoint_configs(resource):
        capture = request.get("DataCaptureConfig")
        if not given(capture):
            serverless = any(given(each.get("ServerlessConfig")) for each in variants_of(request))
            if not (serverless or hosts_components(request) or given(request.get("AsyncInferenceConfig"))):
                yield f"{request.where}DataCaptureConfig is not set: no request is captured"
            continue
        if get(capture, "EnableCapture") is not None and not switched_on(get(capture, "EnableCapture")):
            yield f"{request.where}DataCaptureConfig.EnableCapture is not true"
        if str(get(capture, "InitialSamplingPercentage")) == "0":
            yield f"{request.where}DataCaptureConfig.InitialSamplingPercentage is 0: nothing is captured"


@rule(
    "GovML-EndpointServerless",
    *HOLDERS,
    title="No serverless variant where models must be isolated and monitored",
    rationale="Serverless inference has no VPC, no network isolation and no data capture.",
    severity="medium",
    controls=("SC-7", "AU-12"),
    public_sector_controls=("NS-1", "LM-16"),
    source='SageMaker developer guide, "Deploy models with Amazon SageMaker Serverless Inference" (feature exclusions)',
)
def endpoint_serverless(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """Find ServerlessConfig in variants."""
    for request in _endpoint_configs(resource):
        if any(given(each.get("ServerlessConfig")) for each in variants_of(request)):
            yield f"{request.where}a variant is serverless: it has no VPC, isolation or data capture; give it an instance type"


@rule(
    "GovML-EndpointShell",
    *HOLDERS,
    title="Nobody opens a shell on the instances of an endpoint",
    rationale="With SSM access an operator reads requests and models on the instance, past every audit of the endpoint.",
    severity="medium",
    controls=("AC-6", "AC-17"),
    public_sector_controls=("IS-6", "AC-1"),
    source="SageMaker API reference, `ProductionVariant`, `EnableSSMAccess`",
)
def endpoint_shell(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """Find EnableSSMAccess in variants."""
    for request in _endpoint_configs(resource):
        if any(true(each.get("EnableSSMAccess")) for each in variants_of(request)):
            yield f"{request.where}a variant has EnableSSMAccess: switch it off again after debugging"


@rule(
    "GovML-EndpointRollback",
    "AWS::SageMaker::Endpoint",
    "AWS::SageMaker::InferenceComponent",
    title="A guarded release is taken back by alarms",
    rationale="A blue/green or rolling release without alarms goes on although the new version fails.",
    severity="low",
    controls=("CM-3", "CP-10", "SI-4"),
    public_sector_controls=("LM-11",),
    source='SageMaker developer guide, "Auto-rollback configuration and monitoring"',
)
def endpoint_rollback(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """Ask for alarms where a deployment configuration is declared."""
    deployment = resource.get("DeploymentConfig")
    if given(deployment) and not given(get(deployment, "AutoRollbackConfiguration", "Alarms")):
        yield "DeploymentConfig has no AutoRollbackConfiguration.Alarms: name the alarms that stop a bad release"
