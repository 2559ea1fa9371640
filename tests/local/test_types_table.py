"""The table of added types against AWS's schemas and botocore's models: a slip would show only at a deploy."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import botocore.session
import pytest
from all_types import template
from botocore import xform_name
from jmespath import compile as compile_expression

from govml.local.emulator.backends.recorded_catalogue import CATALOGUE
from govml.local.emulator.backends.recorded_settings import OPERATIONS as RECORDED_SETTINGS
from govml.local.emulator.cloudformation import schema
from govml.local.emulator.cloudformation.native_reads import NATIVE_READS
from govml.local.emulator.cloudformation.spec import ApiType, Read, Tier
from govml.local.emulator.cloudformation.table import API_TYPES
from govml.local.emulator.cloudformation.topups import DELETES, TOPUPS

REGION = "ap-southeast-1"
SESSION = botocore.session.Session()
TYPES = pytest.mark.parametrize(("resource_type", "spec"), API_TYPES.items(), ids=API_TYPES)


def operation(service: str, name: str) -> Any:
    model = SESSION.get_service_model(service)
    for candidate in model.operation_names:
        if xform_name(candidate) == name:
            return model.operation_model(candidate)
    raise AssertionError(f"{service} has no operation {name}")


def is_token(shape: Any) -> bool:
    return bool(shape.metadata.get("idempotencyToken"))


def operations(spec: ApiType) -> Iterator[tuple[str, set[str]]]:
    """Each operation of a type with the parameters that the table gives it."""
    key = set(spec.key)
    yield spec.read, key
    yield spec.delete, set(spec.delete_key or key)
    if spec.update:
        yield (
            spec.update,
            set(spec.update_key or ()) or key & set(operation(spec.service, spec.update).input_shape.members),
        )


@TYPES
def test_the_type_exists_in_the_region_and_its_named_properties_too(resource_type: str, spec: ApiType) -> None:
    properties = set(schema.resource_schema(resource_type, REGION)["properties"])
    named = {spec.name} - {None} | set(spec.dropped) | set(spec.follow_ups)
    assert named <= properties


@TYPES
def test_reading_and_deleting_give_what_the_api_requires_and_nothing_it_does_not_know(
    resource_type: str, spec: ApiType
) -> None:
    for name, given in operations(spec):
        shape = operation(spec.service, name).input_shape
        assert given <= set(shape.members), f"{name} knows no {given - set(shape.members)}"
        # boto3 fills idempotency tokens itself
        wanted = {member for member in shape.required_members if not is_token(shape.members[member])}
        assert name == spec.update or wanted <= given, f"{name} wants {wanted}"


@TYPES
def test_attributes_are_those_that_aws_offers(resource_type: str, spec: ApiType) -> None:
    offered = {
        path.removeprefix("/properties/").replace("/", ".")
        for path in schema.resource_schema(resource_type, REGION).get("readOnlyProperties", [])
    }
    writable = set(schema.resource_schema(resource_type, REGION)["properties"])
    assert set(spec.attributes) <= offered | writable


@TYPES
def test_expressions_can_be_parsed(resource_type: str, spec: ApiType) -> None:
    expressions = [*spec.key.values(), *spec.attributes.values(), *(spec.delete_key or {}).values(), spec.ref]
    for read in spec.extra_reads:
        expressions += read.parameters.values()
    for follow_up in spec.follow_ups.values():
        expressions += follow_up.parameters.values()
    for expression in expressions:
        compile_expression(expression.removeprefix("tail:"))


@TYPES
def test_the_tier_says_who_answers(resource_type: str, spec: ApiType) -> None:
    noun = re.sub(r"^(create|put)_", "", spec.create)
    recorded = {(kind.service, kind.noun) for kind in CATALOGUE}
    settings = {name for names in RECORDED_SETTINGS.values() for name in names}
    is_recorded = (spec.service, noun) in recorded or spec.create in settings
    assert (spec.tier is Tier.RECORDED) == is_recorded == (spec.backend == "recorded")


READS = [(name, read) for name, reads in NATIVE_READS.items() for read in reads]
READS += [(name, read) for name, spec in API_TYPES.items() for read in spec.extra_reads]


@pytest.mark.parametrize(("resource_type", "read"), READS, ids=[f"{name}-{read.operation}" for name, read in READS])
def test_each_read_back_is_a_call_that_the_api_knows(resource_type: str, read: Read) -> None:
    shape = operation(read.service, read.operation).input_shape
    members = set(shape.members) if shape else set()
    assert set(read.parameters) <= members
    assert set(shape.required_members if shape else ()) <= set(read.parameters)


def test_no_type_is_in_both_tables() -> None:
    assert not set(API_TYPES) & set(NATIVE_READS)
    assert set(TOPUPS) | set(DELETES) <= set(NATIVE_READS)


def test_every_type_of_the_template_is_audited() -> None:
    used = {resource["Type"] for resource in template()["Resources"].values()}
    internal = {"AWS::CDK::Metadata", "Custom::Greeting"}
    assert used - internal <= set(API_TYPES) | set(NATIVE_READS)


def test_every_added_type_is_in_the_template() -> None:
    used = {resource["Type"] for resource in template()["Resources"].values()}
    assert set(API_TYPES) <= used
