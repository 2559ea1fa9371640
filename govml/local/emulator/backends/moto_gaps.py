"""SageMaker operations that moto lacks or gets wrong, done on moto's own objects."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from govml.local.emulator.backends import moto
from govml.local.emulator.backends.errors import ApiError

Parameters = dict[str, Any]
_group_policies: dict[str, str] = {}


def _group(parameters: Parameters) -> tuple[Any, Any]:
    name = parameters["ModelPackageGroupName"].rpartition("/")[2]
    sagemaker = moto.backend("sagemaker")
    if name not in sagemaker.model_package_groups:
        raise ApiError("ValidationException", f"ModelPackageGroup {name} does not exist.")
    return sagemaker, sagemaker.model_package_groups[name]


def delete_model_package_group(parameters: Parameters) -> Parameters:
    """Delete an empty group (moto has no such operation)."""
    sagemaker, group = _group(parameters)
    name = group.model_package_group_name
    if any(package.model_package_group_name == name for package in sagemaker.model_packages.values()):
        raise ApiError("ConflictException", f"ModelPackageGroup {name} still holds model packages.")
    del sagemaker.model_package_groups[name]
    _group_policies.pop(group.arn, None)
    return {}


def delete_model_package(parameters: Parameters) -> Parameters:
    """Delete one model package (moto has no such operation)."""
    sagemaker = moto.backend("sagemaker")
    name = parameters["ModelPackageName"]
    arn = sagemaker.model_package_name_mapping.get(name, name)
    if arn not in sagemaker.model_packages:
        raise ApiError("ValidationException", f"Model package {name} does not exist.")
    del sagemaker.model_packages[arn]
    return {}


def put_model_package_group_policy(parameters: Parameters) -> Parameters:
    """Attach a resource policy to a group (moto has no such operation). It is stored, not enforced."""
    _, group = _group(parameters)
    json.loads(parameters["ResourcePolicy"])
    _group_policies[group.arn] = parameters["ResourcePolicy"]
    return {"ModelPackageGroupArn": group.arn}


def get_model_package_group_policy(parameters: Parameters) -> Parameters:
    """Return the resource policy of a group."""
    _, group = _group(parameters)
    if group.arn not in _group_policies:
        raise ApiError("ValidationException", f"{group.arn} has no resource policy.")
    return {"ResourcePolicy": _group_policies[group.arn]}


def delete_model_package_group_policy(parameters: Parameters) -> Parameters:
    """Remove the resource policy of a group."""
    _, group = _group(parameters)
    _group_policies.pop(group.arn, None)
    return {}


def update_model_package(parameters: Parameters) -> Parameters:
    """Change what is given and keep the rest (moto clears the metadata and the description that are not given)."""
    sagemaker = moto.backend("sagemaker")
    package = sagemaker.describe_model_package(parameters["ModelPackageArn"])
    metadata = {
        **(package.customer_metadata_properties or {}),
        **parameters.get("CustomerMetadataProperties", {}),
    }
    arn = sagemaker.update_model_package(
        model_package_arn=parameters["ModelPackageArn"],
        model_approval_status=parameters.get("ModelApprovalStatus") or package.model_approval_status,
        approval_description=parameters.get("ApprovalDescription") or package.approval_description,
        customer_metadata_properties=metadata,
        customer_metadata_properties_to_remove=parameters.get("CustomerMetadataPropertiesToRemove", []),
        additional_inference_specifications_to_add=parameters.get("AdditionalInferenceSpecificationsToAdd"),
    )
    if "ModelCard" in parameters:
        package.model_card = parameters["ModelCard"]
    return {"ModelPackageArn": arn}


def describe_model_package(parameters: Parameters) -> Parameters:
    """Describe a package with its card (moto forgets it)."""
    package = moto.backend("sagemaker").describe_model_package(parameters["ModelPackageName"])
    described = package.gen_response_object()
    if card := getattr(package, "model_card", None):
        described["ModelCard"] = card
    return {name: value.timestamp() if isinstance(value, datetime) else value for name, value in described.items()}


def create_model(parameters: Parameters) -> Parameters:
    """Create a model and keep its network isolation (moto answers that it is off)."""
    sagemaker = moto.backend("sagemaker")
    if parameters["ModelName"] in sagemaker._models:
        raise ApiError("ValidationException", f"Cannot create already existing model {parameters['ModelName']}.")
    model = sagemaker.create_model(
        model_name=parameters["ModelName"],
        execution_role_arn=parameters.get("ExecutionRoleArn"),
        primary_container=parameters.get("PrimaryContainer"),
        vpc_config=parameters.get("VpcConfig"),
        containers=parameters.get("Containers"),
        tags=parameters.get("Tags", []),
    )
    model.enable_network_isolation = parameters.get("EnableNetworkIsolation", False)
    return {"ModelArn": model.arn}


_DOMAIN_FIELDS = {
    "DefaultUserSettings": "default_user_settings",
    "DefaultSpaceSettings": "default_space_settings",
    "DomainSettingsForUpdate": "domain_settings",
    "AppNetworkAccessType": "app_network_access_type",
    "AppSecurityGroupManagement": "app_security_group_management",
    "SubnetIds": "subnet_ids",
}


def update_domain(parameters: Parameters) -> Parameters:
    """Change the settings of a Studio domain (moto has no such operation)."""
    domain = moto.backend("sagemaker").domains.get(parameters["DomainId"])
    if domain is None:
        raise ApiError("ResourceNotFound", f"Domain {parameters['DomainId']} does not exist.")
    for member, attribute in _DOMAIN_FIELDS.items():
        if member in parameters:
            setattr(domain, attribute, parameters[member])
    return {"DomainArn": domain.arn}


OPERATIONS: dict[str, Callable[[Parameters], Parameters]] = {
    function.__name__: function
    for function in (
        delete_model_package_group,
        delete_model_package,
        put_model_package_group_policy,
        get_model_package_group_policy,
        delete_model_package_group_policy,
        update_model_package,
        describe_model_package,
        create_model,
        update_domain,
    )
}
