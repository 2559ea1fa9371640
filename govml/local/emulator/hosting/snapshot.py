"""A configuration as it is when an endpoint takes it over: with its models, which may be deleted afterwards."""

from __future__ import annotations

from typing import Any

from govml.local.emulator.backends import moto
from govml.local.emulator.backends.errors import ApiError
from govml.local.emulator.hosting.records import Snapshot

_WEIGHT = "DesiredWeight"


def snapshot(config_name: str) -> Snapshot:
    """Return an endpoint configuration with the containers of its models.

    Raises:
        ApiError: the configuration or one of its models does not exist.
    """
    backend = moto.backend("sagemaker")
    config = backend.endpoint_configs.get(config_name)
    if config is None:
        raise ApiError("ValidationException", f"Could not find endpoint configuration {config_name}.")
    variants = [dict(variant) for variant in config.production_variants]
    shadows = [dict(variant) for variant in getattr(config, "shadow_production_variants", None) or []]
    return {
        "config": config_name,
        "variants": variants,
        "shadows": shadows,
        "capture": dict(config.data_capture_config or {}),
        "asynchronous": dict(config.async_inference_config or {}),
        "models": {variant["ModelName"]: _containers(backend, variant["ModelName"]) for variant in variants + shadows},
    }


def _containers(backend: Any, name: str) -> list[dict[str, Any]]:
    model = backend._models.get(name)
    if model is None:
        raise ApiError("ValidationException", f"Could not find model {name}.")
    found = [model.primary_container] if model.primary_container else list(model.containers or [])
    return [dict(container) for container in found]


def retain(fresh: Snapshot, live: Snapshot | None, excluded: list[str]) -> None:
    """Carry weights and instance counts of the live variants over to those of the same name (`RetainAllVariantProperties`).

    Args:
        fresh: the new configuration; changed in place.
        live: the one that serves.
        excluded: property types that are not carried over, such as `DesiredWeight`.
    """
    current = {variant["VariantName"]: variant for variant in (live or {}).get("variants", [])}
    members = {_WEIGHT: "InitialVariantWeight", "DesiredInstanceCount": "InitialInstanceCount"}
    for variant in fresh["variants"]:
        for kind, member in members.items():
            kept = current.get(variant["VariantName"], {})
            if kind not in excluded and member in kept:
                variant[member] = kept[member]
