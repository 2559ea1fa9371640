"""Recorded-only calls of services that MiniStack answers otherwise: saved queries and the catalogue's encryption."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from govml.local.emulator.account import current_account, current_region
from govml.local.emulator.backends import recorded_costs
from govml.local.emulator.backends.errors import ApiError

Parameters = dict[str, Any]
_queries: dict[tuple[str, str], dict[str, Parameters]] = {}
_catalogues: dict[tuple[str, str, str], Parameters] = {}


def _scope() -> tuple[str, str]:
    return current_account(), current_region()


def put_query_definition(parameters: Parameters) -> Parameters:
    """Save a Logs Insights query, or replace the one whose id is given."""
    shelf = _queries.setdefault(_scope(), {})
    identifier = parameters.get("queryDefinitionId") or str(uuid.uuid4())
    if "queryDefinitionId" in parameters and identifier not in shelf:
        raise ApiError("ResourceNotFoundException", f"query definition {identifier} does not exist")
    shelf[identifier] = {**parameters, "queryDefinitionId": identifier}
    return {"queryDefinitionId": identifier}


def describe_query_definitions(parameters: Parameters) -> Parameters:
    """List the saved queries whose names start with a prefix."""
    prefix = parameters.get("queryDefinitionNamePrefix", "")
    found = [query for query in _queries.get(_scope(), {}).values() if query["name"].startswith(prefix)]
    return {"queryDefinitions": found}


def delete_query_definition(parameters: Parameters) -> Parameters:
    """Delete a saved query."""
    gone = _queries.get(_scope(), {}).pop(parameters["queryDefinitionId"], None)
    if gone is None:
        raise ApiError("ResourceNotFoundException", "query definition does not exist")
    return {"success": True}


def put_data_catalog_encryption_settings(parameters: Parameters) -> Parameters:
    """Set the encryption of the Glue catalogue."""
    catalogue = parameters.get("CatalogId") or _scope()[0]
    _catalogues[(*_scope(), catalogue)] = parameters["DataCatalogEncryptionSettings"]
    return {}


def get_data_catalog_encryption_settings(parameters: Parameters) -> Parameters:
    """Return the encryption of the Glue catalogue."""
    catalogue = parameters.get("CatalogId") or _scope()[0]
    settings = _catalogues.get((*_scope(), catalogue), {})
    return {"DataCatalogEncryptionSettings": settings}


# Signing name of the request -> operation -> answer; everything else goes on to MiniStack.
OPERATIONS: dict[str, dict[str, Callable[[Parameters], Parameters]]] = {
    "logs": {
        function.__name__: function
        for function in (put_query_definition, describe_query_definitions, delete_query_definition)
    },
    "glue": {
        function.__name__: function
        for function in (put_data_catalog_encryption_settings, get_data_catalog_encryption_settings)
    },
    "ce": recorded_costs.OPERATIONS,
}
