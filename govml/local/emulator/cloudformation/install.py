"""Puts the adapter's provisioners into MiniStack's table of resource types."""

from __future__ import annotations

from ministack.services.cloudformation import provisioners, stacks

from govml.local.emulator.cloudformation import output_changes
from govml.local.emulator.cloudformation.native import NativeProvisioner, is_wrapped
from govml.local.emulator.cloudformation.provisioner import ApiProvisioner
from govml.local.emulator.cloudformation.table import API_TYPES


def install() -> None:
    """Add the types that MiniStack lacks and wrap those that it has. A type in neither set stays unknown: the engine
    then refuses the template by the type's name."""
    table = provisioners._RESOURCE_HANDLERS
    ours: set[str] = set()
    for resource_type, handler in list(table.items()):
        if is_wrapped(resource_type):
            table[resource_type] = NativeProvisioner(resource_type, handler).wrapped()
            ours.add(resource_type)
    for resource_type, spec in API_TYPES.items():
        if resource_type in table:
            raise RuntimeError(f"MiniStack provisions {resource_type} itself now: take it out of the table")
        provisioner = ApiProvisioner(resource_type, spec)
        table[resource_type] = {
            "create": provisioner.create,
            "update": provisioner.update,
            "update_with_logical_id": True,
            "delete": provisioner.delete,
        }
        ours.add(resource_type)

    # Our provisioners call the gateway, so they must wait on a thread of their own and leave the event loop free.
    blocking_types = stacks._runs_on_worker_thread
    stacks._runs_on_worker_thread = lambda resource_type: resource_type in ours or blocking_types(resource_type)
    output_changes.install()
