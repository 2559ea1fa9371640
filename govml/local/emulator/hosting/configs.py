"""CreateEndpointConfig with what moto leaves out: shadow variants, network, role, and instance types newer than its list."""

from __future__ import annotations

from typing import Any

from govml.local.emulator.backends import moto

Parameters = dict[str, Any]
_KEPT = {
    "ShadowProductionVariants": "shadow_production_variants",
    "ExecutionRoleArn": "execution_role_arn",
    "VpcConfig": "vpc_config",
    "EnableNetworkIsolation": "enable_network_isolation",
    "ExplainerConfig": "explainer_config",
    "MetricsConfig": "metrics_config",
}


def create_endpoint_config(parameters: Parameters) -> Parameters:
    """Create an endpoint configuration. Its values were checked against CloudFormation's schema or by the client."""
    from moto.sagemaker.models import FakeEndpointConfig

    setattr(FakeEndpointConfig, "validate_instance_type", lambda *_: None)  # noqa: B010 - moto's list ends years ago
    backend = moto.backend("sagemaker")
    backend.validate_production_variants(parameters.get("ShadowProductionVariants", []))
    config = backend.create_endpoint_config(
        endpoint_config_name=parameters["EndpointConfigName"],
        production_variants=parameters["ProductionVariants"],
        data_capture_config=parameters.get("DataCaptureConfig"),
        async_inference_config=parameters.get("AsyncInferenceConfig"),
        tags=parameters.get("Tags"),
        kms_key_id=parameters.get("KmsKeyId"),
    )
    for member, attribute in _KEPT.items():
        if member in parameters:
            setattr(config, attribute, parameters[member])
    return {"EndpointConfigArn": config.endpoint_config_arn}


OPERATIONS = {"create_endpoint_config": create_endpoint_config}
