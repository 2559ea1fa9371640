"""The table of resource types that the adapter adds to MiniStack's CloudFormation engine."""

from __future__ import annotations

from govml.local.emulator.cloudformation.spec import ApiType
from govml.local.emulator.cloudformation.types_chat import CHAT
from govml.local.emulator.cloudformation.types_cost import COST
from govml.local.emulator.cloudformation.types_data import DATA
from govml.local.emulator.cloudformation.types_delivery import DELIVERY
from govml.local.emulator.cloudformation.types_events import EVENTS
from govml.local.emulator.cloudformation.types_network import NETWORK
from govml.local.emulator.cloudformation.types_sagemaker import SAGEMAKER
from govml.local.emulator.cloudformation.types_scaling import SCALING

API_TYPES: dict[str, ApiType] = {**NETWORK, **DATA, **DELIVERY, **COST, **CHAT, **EVENTS, **SAGEMAKER, **SCALING}
