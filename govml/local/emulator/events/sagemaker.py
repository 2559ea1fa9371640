"""What follows a call of SageMaker: the events that the service and CloudTrail put onto the bus."""

from __future__ import annotations

import json
from collections.abc import Mapping

from govml.local.emulator.backends.requests import ApiCall
from govml.local.emulator.events import model_packages, trail
from govml.local.emulator.events.identity import caller

_PACKAGES = ("create_model_package", "update_model_package")


def after(call: ApiCall, headers: Mapping[str, str], answer: tuple[int, Mapping[str, str], bytes]) -> None:
    """Put the events that one answered call causes. Runs on a worker thread, in the request's account and region."""
    who = caller(headers)
    status, _, content = answer
    if call.operation in _PACKAGES and status < 300:
        model_packages.changed(call, who, json.loads(content)["ModelPackageArn"])
    trail.call(call, who, headers, answer)
