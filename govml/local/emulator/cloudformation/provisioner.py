"""Provisions a resource type through an API: schema check, API model check, call, read-back, audit."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError
from ministack.services.cloudformation import provisioners

from govml.local.emulator.account import current_region
from govml.local.emulator.cloudformation import fidelity, schema
from govml.local.emulator.cloudformation.audit import audit
from govml.local.emulator.cloudformation.coerce import accepted, input_shape, parameters
from govml.local.emulator.cloudformation.reading import call, documents
from govml.local.emulator.cloudformation.references import require_existing
from govml.local.emulator.cloudformation.spec import ApiType, Properties, evaluate, evaluate_all
from govml.local.emulator.settings import EmulatorSettings

Provisioned = tuple[str, dict[str, Any]]


@dataclass
class _Instance:
    """What is remembered about one resource for its update and delete."""

    request: Properties
    response: dict[str, Any]
    key: dict[str, Any]


def _is_gone(error: ClientError) -> bool:
    detail = error.response["Error"]
    text = f"{detail.get('Code', '')} {detail.get('Message', '')}"
    return any(hint in text for hint in ("NotFound", "not found", "does not exist", "Could not find", "does not have"))


class ApiProvisioner:
    """The create, update and delete handlers of one resource type, in the form that MiniStack's engine calls.

    Args:
        resource_type: as in `AWS::SageMaker::Pipeline`.
        spec: how the type maps to an API.
    """

    def __init__(self, resource_type: str, spec: ApiType) -> None:
        self.resource_type = resource_type
        self.spec = spec
        self._instances: dict[str, _Instance] = {}

    def create(self, logical_id: str, properties: Properties, stack_name: str) -> Provisioned:
        """Create the resource and read it back.

        Raises:
            ValueError: a property that the schema, the API's model or an existing resource refuses.
            ClientError: the backend refuses the call.
        """
        given = self._named(copy.deepcopy(properties), logical_id, stack_name)
        schema.check(self.resource_type, given, current_region())
        request = self.spec.request(self._sendable(given))
        request = parameters(self.spec.service, self.spec.create, request, self.resource_type)
        require_existing(self.resource_type, request)
        if self.spec.before:
            self.spec.before(given)
        response = call(self.spec.service, self.spec.create, request)
        if response.get("Unsuccessful"):
            raise ValueError(f"{self.resource_type}: {response['Unsuccessful']}")
        scope = {"request": request, "response": response}
        instance = _Instance(request, response, evaluate_all(self.spec.key, scope))
        try:
            self._follow_up(instance, given)
            if self.spec.settled:
                self.spec.settled(request)
            return self._read_back(instance, given, stack_name, logical_id)
        except Exception:
            self._delete(instance)
            raise

    def update(
        self, physical_id: str, old: Properties, new: Properties, stack_name: str, logical_id: str | None = None
    ) -> Provisioned:
        """Change the resource in place, or replace it where CloudFormation would."""
        changed = {name for name in old.keys() | new.keys() if old.get(name) != new.get(name)}
        instance = self._instances.get(physical_id)
        if instance is None or schema.replaces(self.resource_type, old, new, current_region()):
            return self._replace(physical_id, old, new, stack_name, logical_id or physical_id)
        given = self._named(copy.deepcopy(new), logical_id or physical_id, stack_name)
        if not changed:  # CloudFormation leaves alone what a change of the stack does not touch
            return self._read_back(instance, given, stack_name, logical_id or physical_id)
        schema.check(self.resource_type, given, current_region())
        in_place = set(self.spec.follow_ups) | {"Tags"}
        if self.spec.update:
            request = (self.spec.update_request or self.spec.request)(self._sendable(given))
            request = accepted(self.spec.service, self.spec.update, request, self.resource_type)
            members = input_shape(self.spec.service, self.spec.update).members
            key = {name: value for name, value in self._update_key(instance).items() if name in members}
            call(self.spec.service, self.spec.update, {**key, **request})
            if self.spec.settled:
                self.spec.settled({**key, **request})
        elif not changed <= in_place:  # no update API: the same resource anew, under the same identity
            self.delete(physical_id, old)
            return self.create(logical_id or physical_id, new, stack_name)
        self._follow_up(instance, given)
        return self._read_back(instance, given, stack_name, logical_id or physical_id)

    def delete(self, physical_id: str, _properties: Properties) -> None:
        """Delete the resource; one that is gone already is no error, as in CloudFormation."""
        instance = self._instances.pop(physical_id, None)
        if instance is not None:
            self._delete(instance)
        fidelity.forget(EmulatorSettings.from_environment().fidelity_file, self.resource_type, physical_id)

    def _named(self, properties: Properties, logical_id: str, stack_name: str) -> Properties:
        if self.spec.name and self.spec.name not in properties:
            lower = self.spec.service == "s3vectors"
            name = provisioners._physical_name(stack_name, logical_id, max_len=63, lowercase=lower)
            properties[self.spec.name] = name
        return schema.without_system_tags(properties) if "Tags" in properties else properties

    def _sendable(self, properties: Properties) -> Properties:
        left_out = {*self.spec.dropped, *self.spec.follow_ups}
        return {name: value for name, value in properties.items() if name not in left_out}

    def _follow_up(self, instance: _Instance, properties: Properties) -> None:
        for name, follow_up in self.spec.follow_ups.items():
            given = properties.get(name, [])
            for value in given if follow_up.each else [given] if name in properties else []:
                scope = {"value": value, "key": instance.key}
                values = evaluate_all(follow_up.parameters, scope)
                request = parameters(self.spec.service, follow_up.put, values, self.resource_type)
                call(self.spec.service, follow_up.put, request)

    def _read_back(self, instance: _Instance, given: Properties, stack_name: str, logical_id: str) -> Provisioned:
        resource = call(self.spec.service, self.spec.read, instance.key)
        scope = {
            "request": instance.request,
            "response": instance.response,
            "resource": resource,
            "key": instance.key,
        }
        physical_id = str(evaluate(self.spec.ref, scope))
        self._instances[physical_id] = instance
        finding = audit(
            given,
            [resource, *documents(self.spec.extra_reads, scope)],
            unreadable={*schema.write_only(self.resource_type, current_region()), *self.spec.unreadable},
            renamed=self.spec.renamed,
        )
        fidelity.record(
            EmulatorSettings.from_environment().fidelity_file,
            stack=stack_name,
            logical_id=logical_id,
            physical_id=physical_id,
            resource_type=self.resource_type,
            tier=self.spec.tier.value,
            backend=self.spec.backend,
            finding=finding,
        )
        return physical_id, evaluate_all(self.spec.attributes, scope)

    def _replace(
        self, physical_id: str, old: Properties, new: Properties, stack_name: str, logical_id: str
    ) -> Provisioned:
        """Create the successor; the engine deletes the predecessor in its clean-up phase."""
        name = self.spec.name
        if name and name in old and old.get(name) == new.get(name):
            raise ValueError(
                "CloudFormation cannot update a stack when a custom-named resource requires replacing. "
                f"Rename {physical_id} and update the stack again."
            )
        replaced: Provisioned = provisioners._seeded_create(self.create, logical_id, new, stack_name)
        return replaced

    def _update_key(self, instance: _Instance) -> dict[str, Any]:
        scope = {"request": instance.request, "response": instance.response}
        return evaluate_all(self.spec.update_key, scope) if self.spec.update_key else instance.key

    def _delete(self, instance: _Instance) -> None:
        scope = {"request": instance.request, "response": instance.response}
        key = evaluate_all(self.spec.delete_key, scope) if self.spec.delete_key else instance.key
        try:
            call(self.spec.service, self.spec.delete, key)
        except ClientError as error:
            if not _is_gone(error):
                raise
