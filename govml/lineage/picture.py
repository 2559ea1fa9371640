"""The picture's content: boxes in lanes and arrows between them, without what nothing flows through."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from govml.bootstrap.assembly import StackArtifact
from govml.lineage.estate import Estate, Part
from govml.lineage.flows import Flow, flows, shown
from govml.lineage.kinds import KINDS, lane_of, zone_of

_MANY = 3
OUTSIDE = "agency"
"""Whoever delivers files: it has no resource."""


@dataclass(frozen=True)
class Box:
    """One box.

    Args:
        id: short name within the picture.
        title: what it is called.
        noun: what it is.
        stack: stack that makes it.
        lane: number of its lane.
        holds: it holds data.
    """

    id: str
    title: str
    noun: str
    stack: str
    lane: int
    holds: bool


@dataclass(frozen=True)
class Picture:
    """Boxes, sorted by lane and title, and arrows between their ids."""

    boxes: tuple[Box, ...]
    flows: tuple[Flow, ...]


def picture(stacks: Sequence[StackArtifact]) -> Picture:
    """Draw the lineage of one environment.

    Args:
        stacks: its stacks.
    """
    estate = Estate(list(stacks))
    found = flows(estate)
    touched = {end for flow in found for end in (flow.source, flow.target)}
    parts = [part for part in shown(estate) if part.id in touched]
    boxes = _told_apart([_box(part, found, estate) for part in parts])
    boxes.append(Box(OUTSIDE, "agency or publisher", "files", "", 0, holds=False))
    ids = {part.id: box.id for part, box in zip(parts, boxes, strict=False)}  # the agency has no part
    arrows = {Flow(ids[flow.source], ids[flow.target], flow.what) for flow in found}
    arrows |= {Flow(OUTSIDE, ids[part.id], "data") for part in parts if zone_of(part) == "raw"}
    boxes, arrows = _gathered(boxes, arrows)
    order = sorted(boxes, key=lambda box: (box.lane, box.id != OUTSIDE, box.title))
    return Picture(tuple(order), tuple(sorted(arrows, key=lambda flow: (flow.source, flow.target, flow.what))))


def _told_apart(boxes: list[Box]) -> list[Box]:
    """Give boxes of one name in several stacks an id of their own."""
    ids = [box.id for box in boxes]
    return [
        replace(box, id=_slug(f"{box.noun} {box.stack} {box.title}")) if ids.count(box.id) > 1 else box for box in boxes
    ]


def _gathered(boxes: list[Box], arrows: set[Flow]) -> tuple[list[Box], set[Flow]]:
    """Put many boxes of one kind of one stack into one, which then says how many they are."""
    groups: dict[tuple[str, str, int], list[Box]] = {}
    for box in boxes:
        groups.setdefault((box.noun, box.stack, box.lane), []).append(box)
    kept: list[Box] = []
    renamed: dict[str, str] = {}
    for (noun, stack, lane), members in groups.items():
        if len(members) <= _MANY:
            kept += members
            continue
        one = Box(_slug(f"{noun} {stack}"), f"{len(members)} {noun}s", noun, stack, lane, members[0].holds)
        kept.append(one)
        renamed |= {member.id: one.id for member in members}
    moved = {
        Flow(renamed.get(flow.source, flow.source), renamed.get(flow.target, flow.target), flow.what) for flow in arrows
    }
    return kept, {flow for flow in moved if flow.source != flow.target}


def _box(part: Part, found: set[Flow], estate: Estate) -> Box:
    kind, stack = KINDS[part.type], part.id.split("/", 1)[0]
    zones = {zone_of(estate.parts[flow.target]) for flow in found if flow.source == part.id}
    zone = zone_of(part)
    title, noun = (f"{zone} zone", "bucket") if zone else (_title(part, estate.environment), kind.noun)
    return Box(
        id=_slug(f"{noun} {title}"),
        title=title,
        noun=noun,
        stack=stack,
        lane=lane_of(part, kind, moves_into=zones.__contains__),
        holds=kind.holds,
    )


def _title(part: Part, environment: str) -> str:
    kind = KINDS[part.type]
    name = part.properties.get("TableInput", {}).get("Name") or (part.properties.get(kind.name) if kind.name else None)
    if not isinstance(name, str):
        return part.id.split("/", 1)[1].rstrip("0123456789ABCDEF")
    return name.removeprefix(f"{environment}-") or name


def _slug(text: str) -> str:
    return "".join(letter if letter.isalnum() else "_" for letter in text)
