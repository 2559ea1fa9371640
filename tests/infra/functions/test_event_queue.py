"""`EventQueue`: part of each trigger; what they do not show by themselves."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from bench import Stand

from govml_constructs.functions.event_queue import EventRule

TRIGGERS = ("Trigger", "Releases", "Retraining")


@pytest.mark.parametrize("rule", [{}, {"pattern": {"source": ["aws.s3"]}, "schedule": "rate(1 day)"}])
def test_a_rule_has_either_a_pattern_or_a_clock(rule: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="either a pattern or a schedule"):
        EventRule("now and then", **rule)  # type: ignore[arg-type]


@pytest.mark.parametrize("trigger", TRIGGERS)
def test_its_place_in_a_trigger_is_no_part_of_logical_ids(bench: Mapping[str, Stand], trigger: str) -> None:
    # A queue with a physical name could not be replaced by one of another logical id: its name is taken.
    queues = bench[trigger].all("AWS::SQS::Queue")
    assert len(queues) == 2
    assert all("/Default/" in each.path and "Default" not in each.logical_id for each in queues)


@pytest.mark.parametrize("trigger", TRIGGERS)
def test_messages_go_from_the_queue_to_the_dead_letters_behind_it(bench: Mapping[str, Stand], trigger: str) -> None:
    queues = {"/DeadLetters/" in each.path: each for each in bench[trigger].all("AWS::SQS::Queue")}
    assert queues[False].properties["RedrivePolicy"]["deadLetterTargetArn"] == queues[True].arn
    assert bench[trigger].one("AWS::Lambda::EventSourceMapping").properties["EventSourceArn"] == queues[False].arn
