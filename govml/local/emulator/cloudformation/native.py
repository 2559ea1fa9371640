"""Wraps MiniStack's own provisioners: schema check before, top-up of dropped properties and audit after."""

from __future__ import annotations

import asyncio
import concurrent.futures
import contextvars
from collections.abc import Callable
from typing import Any

import ministack.app
from ministack.services.cloudformation import provisioners

from govml.local.emulator.account import current_account, current_region
from govml.local.emulator.cloudformation import fidelity, schema
from govml.local.emulator.cloudformation.audit import Finding, audit
from govml.local.emulator.cloudformation.native_reads import NATIVE_READS, RENAMED, UNREADABLE
from govml.local.emulator.cloudformation.reading import documents
from govml.local.emulator.cloudformation.spec import Properties, Tier
from govml.local.emulator.cloudformation.topups import DELETES, TOPUPS
from govml.local.emulator.settings import EmulatorSettings

Handler = dict[str, Any]
# Internal bookkeeping of CloudFormation and the CDK: no schema, no resource.
_INTERNAL = ("AWS::CloudFormation::", "AWS::CDK::")


def on_event_loop(function: Callable[..., Any], *arguments: Any) -> Any:
    """Run a provisioner of MiniStack on the event loop, where it expects to run alone, and wait for it.

    The name seed that it may draw is handed back to the waiting thread, where the engine looks for it.
    """
    loop: asyncio.AbstractEventLoop = ministack.app._MAIN_LOOP
    context = contextvars.copy_context()
    done: concurrent.futures.Future[Any] = concurrent.futures.Future()

    def run() -> None:
        try:
            done.set_result(context.run(function, *arguments))
        except Exception as error:  # noqa: BLE001 - handed to the waiting thread, which raises it
            done.set_exception(error)

    loop.call_soon_threadsafe(run)
    result = done.result()
    provisioners._NAME_SEED.set(context.get(provisioners._NAME_SEED, ""))
    return result


def _finding(
    resource_type: str, physical_id: str, properties: Properties, attributes: dict[str, Any]
) -> Finding | None:
    reads = NATIVE_READS.get(resource_type)
    if reads is None:
        return None
    region = current_region()
    scope = {
        "id": physical_id,
        "properties": properties,
        "attributes": attributes,
        "region": region,
        "account": current_account(),
    }
    return audit(
        schema.without_system_tags(properties),
        documents(reads, scope),
        unreadable={*schema.write_only(resource_type, region), *UNREADABLE.get(resource_type, ())},
        renamed=RENAMED.get(resource_type, {}),
    )


class NativeProvisioner:
    """MiniStack's handlers of one type, with what the adapter adds around them.

    Args:
        resource_type: as in `AWS::S3::Bucket`.
        handler: MiniStack's entry for it: `create`, `delete` and perhaps `update`.
    """

    def __init__(self, resource_type: str, handler: Handler) -> None:
        self.resource_type = resource_type
        self.handler = handler

    def wrapped(self) -> Handler:
        """The entry that replaces MiniStack's."""
        entry = {**self.handler, "create": self.create, "delete": self.delete}
        if "update" in self.handler:
            entry |= {"update": self.update, "update_with_logical_id": True}
        return entry

    def create(self, logical_id: str, properties: Properties, stack_name: str) -> tuple[str, dict[str, Any]]:
        """Check, create natively, apply what was dropped, read back. A failure undoes the creation."""
        schema.check(self.resource_type, properties, current_region())
        physical_id, attributes = on_event_loop(self.handler["create"], logical_id, properties, stack_name)
        try:
            self._complete((physical_id, attributes), {}, properties, stack_name, logical_id)
        except Exception:
            self.delete(physical_id, properties, logical_id)
            raise
        return physical_id, attributes

    def update(
        self, physical_id: str, old: Properties, new: Properties, stack_name: str, logical_id: str | None = None
    ) -> tuple[str, dict[str, Any]]:
        """The same for a change."""
        schema.check(self.resource_type, new, current_region())
        extra = (logical_id,) if self.handler.get("update_with_logical_id") else ()
        fresh_id, attributes = on_event_loop(self.handler["update"], physical_id, old, new, stack_name, *extra)
        before = old if fresh_id == physical_id else {}
        self._complete((fresh_id, attributes), before, new, stack_name, logical_id or physical_id)
        return fresh_id, attributes

    def delete(self, physical_id: str, properties: Properties, logical_id: str | None = None) -> None:
        """Delete natively, or as the real service would where MiniStack is too obliging."""
        if self.resource_type in DELETES:
            DELETES[self.resource_type](physical_id, properties)
        else:
            extra = (logical_id,) if self.handler.get("delete_with_logical_id") else ()
            on_event_loop(self.handler["delete"], physical_id, properties, *extra)
        fidelity.forget(EmulatorSettings.from_environment().fidelity_file, self.resource_type, physical_id)

    def _complete(
        self, made: tuple[str, dict[str, Any]], old: Properties, new: Properties, stack_name: str, logical_id: str
    ) -> None:
        physical_id, attributes = made
        topup = TOPUPS.get(self.resource_type)
        if topup:
            topup(physical_id, new, old)
        fidelity.record(
            EmulatorSettings.from_environment().fidelity_file,
            stack=stack_name,
            logical_id=logical_id,
            physical_id=physical_id,
            resource_type=self.resource_type,
            tier=Tier.NATIVE.value,
            backend="MiniStack",
            finding=_finding(self.resource_type, physical_id, new, attributes),
        )


def is_wrapped(resource_type: str) -> bool:
    """Whether the adapter puts itself around MiniStack's provisioner of this type."""
    return resource_type.startswith("AWS::") and not resource_type.startswith(_INTERNAL)
