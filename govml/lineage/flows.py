"""Flows of data: what the policies of each moving part let it read and write, and what starts it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from govml.lineage.estate import Estate, Part
from govml.lineage.kinds import KINDS, zone_of
from govml.rules.values import listed

_READS = ("Get", "BatchGet", "Read", "Query", "Receive", "Select", "List")
_WRITES = ("Put", "Create", "Update", "Write", "Insert", "Send", "BatchWrite", "Log", "Delete")
_TAG = "govml-use-case"
_OWN_TAG = f"aws:PrincipalTag/{_TAG}"
_STARTS = "sagemaker:StartPipelineExecution"
#: Actions that look at a thing, not into it.
_NO_CONTENT = ("ListBucket", "GetBucket", "Describe", "GetDatabase", "GetDatabases", "ListTags", "CreateBucket")


@dataclass(frozen=True)
class Flow:
    """One arrow.

    Args:
        source: id of the resource that data (or a start) comes from.
        target: id of the resource that it goes to.
        what: `data` or `start`.
    """

    source: str
    target: str
    what: str


def flows(estate: Estate) -> set[Flow]:
    """Return the arrows between all resources that hold or move data."""
    return {*_by_policy(estate), *_by_event(estate), *_by_queue(estate), *_by_place(estate)}


def shown(estate: Estate) -> list[Part]:
    """Return the resources that hold or move data: of the buckets, only the lake's zones."""
    return [part for part in estate.of_type(*KINDS) if part.type != "AWS::S3::Bucket" or zone_of(part)]


def _by_policy(estate: Estate) -> Iterator[Flow]:
    stores = shown(estate)
    prefixes = set().union(*(_tags(estate, part) for part in estate.of_type("AWS::SageMaker::Pipeline")))
    for actor in shown(estate):
        for statement, stack in _statements(estate, actor):
            actions = [str(each) for each in listed(statement.get("Action"))]
            targets = _targets(estate, statement.get("Resource"), stack, stores)
            if _OWN_TAG in json.dumps(statement.get("Resource")) and not _tags(estate, actor) & prefixes:
                targets = {each for each in targets if zone_of(estate.parts[each]) not in ("raw", "curated")}
            for target in targets - {actor.id}:
                holds = KINDS[estate.parts[target].type].holds
                if _STARTS in actions and not holds:
                    yield Flow(actor.id, target, "start")
                if holds and any(_is(each, _READS) for each in actions):
                    yield Flow(target, actor.id, "data")
                if holds and any(_is(each, _WRITES) for each in actions):
                    yield Flow(actor.id, target, "data")


def _tags(estate: Estate, actor: Part) -> set[str]:
    """Return the prefixes of the lake that a resource's roles are held to by their tag."""
    roles = [estate.parts[each] for each in estate.of(actor) if estate.parts[each].type == "AWS::IAM::Role"]
    tags = [tag for role in roles for tag in listed(role.properties.get("Tags"))]
    return {tag["Value"] for tag in tags if tag.get("Key") == _TAG and isinstance(tag.get("Value"), str)}


def _statements(estate: Estate, actor: Part) -> Iterator[tuple[dict[str, Any], str]]:
    """Give the Allow statements of every role that a resource names, each with the stack of its policy."""
    for role_id in sorted(estate.of(actor)):
        role = estate.parts[role_id]
        if role.type != "AWS::IAM::Role":
            continue
        attached = estate.of(role, "ManagedPolicyArns")
        for policy in estate.of_type("AWS::IAM::ManagedPolicy", "AWS::IAM::Policy"):
            if policy.id not in attached and role_id not in estate.of(policy, "Roles"):
                continue
            for statement in listed(policy.properties.get("PolicyDocument", {}).get("Statement")):
                if isinstance(statement, dict) and statement.get("Effect") == "Allow":
                    yield statement, policy.id.split("/", 1)[0]


def _targets(estate: Estate, resource: object, stack: str, stores: list[Part]) -> set[str]:
    ids = {part.id for part in stores}
    patterns = [_pattern(text) for text in _texts(resource)]
    named = {part.id for part in stores if (name := _arn_name(part)) and any(each.search(name) for each in patterns)}
    return (estate.referred(resource, stack) & ids) | named


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _texts(each)


def _pattern(arn: str) -> re.Pattern[str]:
    """Return what the resource part of an ARN matches: `*` and a caller's tag stand for any text."""
    resource = re.sub(r"\$\{[^}]*\}", "*", arn).rsplit(":", maxsplit=1)[-1]
    return re.compile(rf"^{'.*'.join(map(re.escape, resource.split('*')))}$" if "/" in resource else r"(?!)")


def _arn_name(part: Part) -> str | None:
    kind = KINDS[part.type]
    name = part.properties.get("TableInput", {}).get("Name") if part.type == "AWS::Glue::Table" else None
    name = name or (part.properties.get(kind.name) if kind.name else None)
    if kind.arn is None or not isinstance(name, str):
        return None
    return kind.arn.format(name, database=part.properties.get("DatabaseName", ""))


def _is(action: str, verbs: tuple[str, ...]) -> bool:
    verb = action.rsplit(":", 1)[-1]
    return verb.startswith(verbs) and not verb.startswith(_NO_CONTENT)


def _by_event(estate: Estate) -> Iterator[Flow]:
    """A bucket's events go where the rule that names the bucket sends them; a schedule starts its target."""
    visible = {part.id for part in shown(estate)}
    for rule in estate.of_type("AWS::Events::Rule"):
        for source in estate.of(rule, "EventPattern") & visible:
            for target in estate.of(rule, "Targets") & visible - {source}:
                yield Flow(source, target, "start")


def _by_queue(estate: Estate) -> Iterator[Flow]:
    for mapping in estate.of_type("AWS::Lambda::EventSourceMapping"):
        for queue in estate.of(mapping, "EventSourceArn"):
            for function in estate.of(mapping, "FunctionName"):
                if estate.parts[function].type == "AWS::Lambda::Function":
                    yield Flow(queue, function, "start")


def _by_place(estate: Estate) -> Iterator[Flow]:
    """A table or a feature group stands in a zone: what is written there is what it shows."""
    for part in estate.of_type("AWS::Glue::Table", "AWS::SageMaker::FeatureGroup"):
        for bucket in estate.of(part):
            if estate.parts[bucket].type == "AWS::S3::Bucket" and zone_of(estate.parts[bucket]):
                yield Flow(bucket, part.id, "data")
