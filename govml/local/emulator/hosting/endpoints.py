"""SageMaker's operations on endpoints: states, deployments and what DescribeEndpoint tells.

With a front attached (`govml local serve`), an endpoint is Creating or Updating until the front has moved the traffic. With
none, it is in service at once and nothing answers behind it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from govml.local.emulator.backends import moto
from govml.local.emulator.backends.errors import ApiError
from govml.local.emulator.events import endpoints as events
from govml.local.emulator.hosting import leases
from govml.local.emulator.hosting.describe import describe
from govml.local.emulator.hosting.records import IN_SERVICE, MOVING, Record, lock, shelf
from govml.local.emulator.hosting.snapshot import retain, snapshot

Parameters = dict[str, Any]


def require(name: str) -> Record:
    """Return an endpoint's record.

    Raises:
        ApiError: there is no such endpoint.
    """
    record = shelf().get(name)
    if record is None:
        raise ApiError("ValidationException", f'Could not find endpoint "{name}".')
    return record


def _begin(record: Record, status: str) -> None:
    """Let the front move the traffic to the target, or take it over at once where there is no front."""
    record.progress, record.reason, record.started = {}, "", time.time()
    if leases.attached():
        record.status = status
    else:
        record.status, record.live, record.target = IN_SERVICE, record.target, None
    events.changed(record)


def create_endpoint(parameters: Parameters) -> Parameters:
    """Create an endpoint."""
    name = parameters["EndpointName"]
    with lock:
        if name in shelf():
            raise ApiError("ValidationException", f"Cannot create already existing endpoint {name}.")
        target = snapshot(parameters["EndpointConfigName"])
        made = moto.backend("sagemaker").create_endpoint(name, target["config"], parameters.get("Tags", []))
        record = Record(name, target=target, deployment=parameters.get("DeploymentConfig") or {})
        shelf()[name] = record
        _begin(record, "Creating")
    return {"EndpointArn": made.arn}


def update_endpoint(parameters: Parameters) -> Parameters:
    """Move an endpoint to another configuration (moto has no such operation)."""
    with lock:
        record = require(parameters["EndpointName"])
        if record.status != IN_SERVICE:
            raise ApiError("ValidationException", f"Cannot update endpoint {record.name}: it is {record.status}.")
        target = snapshot(parameters["EndpointConfigName"])
        if parameters.get("RetainAllVariantProperties"):
            excluded = parameters.get("ExcludeRetainedVariantProperties", [])
            retain(target, record.live, [item["VariantPropertyType"] for item in excluded])
        if not parameters.get("RetainDeploymentConfig"):
            record.deployment = parameters.get("DeploymentConfig") or {}
        record.generation += 1
        if record.live and target["config"] == record.live["config"]:  # as after a roll-back: it serves already
            record.live, record.target = target, None
        else:
            record.target = target
            _begin(record, "Updating")
        return {"EndpointArn": events.arn(record.name)}


def update_endpoint_weights_and_capacities(parameters: Parameters) -> Parameters:
    """Change how much traffic each variant gets, and its number of instances."""
    wanted = {item["VariantName"]: item for item in parameters["DesiredWeightsAndCapacities"]}
    with lock:
        record = require(parameters["EndpointName"])
        if record.status != IN_SERVICE or record.live is None:
            raise ApiError("ValidationException", f"Cannot update endpoint {record.name}: it is {record.status}.")
        unknown = wanted.keys() - {variant["VariantName"] for variant in record.live["variants"]}
        if unknown:
            raise ApiError(
                "ValidationException", f"Endpoint {record.name} has no variant {', '.join(sorted(unknown))}."
            )
        for variant in record.live["variants"]:
            change = wanted.get(variant["VariantName"], {})
            if "DesiredWeight" in change:
                variant["InitialVariantWeight"] = change["DesiredWeight"]
            if "DesiredInstanceCount" in change:
                variant["InitialInstanceCount"] = change["DesiredInstanceCount"]
        events.changed(record)
    return {"EndpointArn": events.arn(record.name)}


def delete_endpoint(parameters: Parameters) -> Parameters:
    """Delete an endpoint; one that a front is moving cannot be deleted."""
    with lock:
        record = require(parameters["EndpointName"])
        if record.status in MOVING and leases.attached():
            raise ApiError("ValidationException", f"Cannot delete endpoint {record.name}: it is {record.status}.")
        record.status = "Deleting"
        events.changed(record)
        del shelf()[record.name]
        moto.backend("sagemaker").delete_endpoint(record.name)
    return {}


def describe_endpoint(parameters: Parameters) -> Parameters:
    """Describe an endpoint."""
    with lock:
        return describe(require(parameters["EndpointName"]))


OPERATIONS: dict[str, Callable[[Parameters], Parameters]] = {
    function.__name__: function
    for function in (
        create_endpoint,
        update_endpoint,
        update_endpoint_weights_and_capacities,
        delete_endpoint,
        describe_endpoint,
    )
}
