"""Flows of data: what the policies of each moving part let it read and write, and what starts it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from govml.lineage.estate import Estate, Part
from govml.lineage.kinds import KINDS, zone_of
from govml.rules.values import listed

_READS = ("Get", "BatchGet", "Read", "Query", "Receive", "Select", "List")
_WRITES = ("Put", "Create", "Update", "Write", "Insert", "Send", "BatchWrite", "Log", "Delete")
_TAG = re.compile(r"\$\{aws:PrincipalTag/([^}]+)\}")
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
    """Return the resources that hold or move data: of the buckets the lake's zones, of the queues no dead letters."""
    laid_aside = {each for queue in estate.of_type("AWS::SQS::Queue") for each in estate.of(queue, "RedrivePolicy")}
    return [
        part
        for part in estate.of_type(*KINDS)
        if (part.type != "AWS::S3::Bucket" or zone_of(part)) and part.id not in laid_aside
    ]


def _by_policy(estate: Estate) -> Iterator[Flow]:
    stores = shown(estate)
    prefixes = {value for part in estate.of_type("AWS::SageMaker::Pipeline") for value in _tags(estate, part).values()}
    for actor in shown(estate):
        tags = _tags(estate, actor)
        for statement, stack in _statements(estate, actor):
            actions = [str(each) for each in listed(statement.get("Action"))]
            asked = set(_TAG.findall(json.dumps(statement.get("Resource"))))
            if not asked <= set(tags):
                continue  # the statement is about the tag of another kind of role
            targets = _targets(estate, statement.get("Resource"), stack, stores, tags)
            if asked and not {tags[name] for name in asked} & prefixes:
                # nothing is ever put below that prefix of the lake but by the resource itself
                targets = {each for each in targets if zone_of(estate.parts[each]) in (None, "artifacts")}
            for target in targets - {actor.id}:
                holds = KINDS[estate.parts[target].type].holds
                if _STARTS in actions and not holds:
                    yield Flow(actor.id, target, "start")
                if holds and any(_is(each, _READS) for each in actions):
                    yield Flow(target, actor.id, "data")
                if holds and any(_is(each, _WRITES) for each in actions):
                    yield Flow(actor.id, target, "data")


def _tags(estate: Estate, actor: Part) -> dict[str, str]:
    """Return the tags of a resource's roles, by which shared policies hold them to their own prefix."""
    roles = [estate.parts[each] for each in estate.of(actor) if estate.parts[each].type == "AWS::IAM::Role"]
    tags = [tag for role in roles for tag in listed(role.properties.get("Tags"))]
    return {tag["Key"]: tag["Value"] for tag in tags if isinstance(tag.get("Value"), str)}


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


def _targets(estate: Estate, resource: object, stack: str, stores: list[Part], tags: Mapping[str, str]) -> set[str]:
    ids = {part.id for part in stores}
    patterns = [_pattern(_TAG.sub(lambda match: tags[match[1]], text)) for text in _texts(resource)]
    named = {part.id for part in stores if (name := _arn_name(part)) and any(each.search(name) for each in patterns)}
    return (estate.referred(resource, stack) & ids) | named


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _texts(each)


def _pattern(arn: str) -> re.Pattern[str]:
    """Return what the resource part of an ARN matches: `*` and a variable stand for any text."""
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
