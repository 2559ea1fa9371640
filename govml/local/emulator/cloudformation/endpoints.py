"""An endpoint in CloudFormation: what only an update takes, and waiting until the traffic has moved."""

from __future__ import annotations

import time

from govml.local.emulator.cloudformation.reading import call
from govml.local.emulator.cloudformation.spec import Properties

# Said of an update; no API tells them afterwards.
ENDPOINT_UPDATE_ONLY = ("RetainAllVariantProperties", "ExcludeRetainedVariantProperties", "RetainDeploymentConfig")
_POLL_SECONDS = 0.2
# A front that was ended in the middle of a deployment goes on with it when it is back; a stack waits so long for it.
_PATIENCE_SECONDS = 1800.0


def endpoint_request(properties: Properties) -> Properties:
    """CreateEndpoint takes none of what is said of updates."""
    return {name: value for name, value in properties.items() if name not in ENDPOINT_UPDATE_ONLY}


def endpoint_in_service(request: Properties) -> None:
    """Wait until an endpoint serves the configuration that was asked for.

    Raises:
        ValueError: it failed, or its deployment was rolled back, as CloudFormation reports it.
    """
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < deadline:
        told = call("sagemaker", "describe_endpoint", {"EndpointName": request["EndpointName"]})
        if told["EndpointStatus"] == "InService" and told["EndpointConfigName"] == request["EndpointConfigName"]:
            return
        if told["EndpointStatus"] in ("InService", "Failed"):
            reason = told.get("FailureReason", "no reason was given")
            raise ValueError(f"endpoint {request['EndpointName']} did not take the new configuration over: {reason}")
        time.sleep(_POLL_SECONDS)
    raise ValueError(f"endpoint {request['EndpointName']} did not settle: is `govml local serve` running?")
