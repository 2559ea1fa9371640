"""The table of resource types that the adapter adds to MiniStack's CloudFormation engine."""

from __future__ import annotations

from govml.local.emulator.cloudformation.spec import ApiType
from govml.local.emulator.cloudformation.types_platform import PLATFORM
from govml.local.emulator.cloudformation.types_sagemaker import SAGEMAKER

API_TYPES: dict[str, ApiType] = {**SAGEMAKER, **PLATFORM}
