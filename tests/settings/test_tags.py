"""Tags of the agency: what means something to others is refused with its reason."""

from collections.abc import Callable

import pytest

from govml.settings import Settings

RESERVED = [
    ("gcc:origin", "Government on Commercial Cloud keeps this prefix"),
    ("GCC:Team", "Government on Commercial Cloud keeps this prefix"),
    ("aws:createdBy", "AWS keeps this prefix"),
    ("AWS:x", "AWS keeps this prefix"),
    ("aws-cdk:auto-delete-objects", "CDK's own functions act on tags"),
    ("govml-use-case", "open one use case's data to another"),
    ("GovML-Use-Case", "open one use case's data to another"),
    ("Project-Code", "written by the stacks themselves"),
    ("project-code", "written by the stacks themselves"),
    ("Environment", "written by the stacks themselves"),
    ("Agency", "written by the stacks themselves"),
    ("Data-Classification", "written by the stacks themselves"),
    ("Name", "the same name"),
    ("", "is not a tag key"),
    (" Padded", "is not a tag key"),
    ("Ünïcode", "is not a tag key"),
    ("semi;colon", "is not a tag key"),
    ("x" * 128, "is not a tag key"),
]


@pytest.mark.parametrize(("key", "reason"), RESERVED, ids=[key[:30] for key, _ in RESERVED])
def test_a_reserved_tag_is_refused_with_its_reason(
    refusal: Callable[[str], str], changed: Callable[..., str], key: str, reason: str
) -> None:
    text = refusal(changed(tags={"System-Name": "fine", key: "value"}))
    assert "has 1 problem:" in text
    assert f"tags.{key[:30]}" in text
    assert reason in text
    assert "hint: choose another key" in text


def test_keys_that_differ_only_in_case_are_refused(refusal: Callable[[str], str], changed: Callable[..., str]) -> None:
    text = refusal(changed(tags={"Cost-Centre": "1", "cost-centre": "1"}))
    assert "tags.cost-centre = 1: differs from Cost-Centre only in case" in text


@pytest.mark.parametrize("value", ["", " x", "x ", "semi;colon", "x" * 129, "ü"])
def test_a_value_that_a_service_would_refuse_is_refused(
    refusal: Callable[[str], str], changed: Callable[..., str], value: str
) -> None:
    text = refusal(changed(tags={"System-Name": value}))
    assert "tags.System-Name" in text
    assert "hint: Value of the tag: 1 to 128 letters" in text


def test_a_number_is_to_be_quoted(refusal: Callable[[str], str], changed: Callable[..., str]) -> None:
    assert 'quote it: "40210"' in refusal(changed(tags={"Cost-Centre": 40210}))


def test_more_tags_than_aws_takes_are_refused(refusal: Callable[[str], str], changed: Callable[..., str]) -> None:
    assert "tags: Dictionary should have at most 30 items" in refusal(changed(tags={f"T{n}": "x" for n in range(31)}))


def test_legal_tags_are_kept(load: Callable[[str], Settings], changed: Callable[..., str]) -> None:
    wanted = {
        "System-Name": "Journey time forecasts",
        "cost:centre/1": "a=b+c@d._-",
        "x" * 127: "y" * 128,
        "Named": "z",
    }
    assert dict(load(changed(tags=wanted)).tags) == wanted
    assert dict(load(changed()).tags) == {}


def test_tags_cannot_be_changed(load: Callable[[str], Settings], changed: Callable[..., str]) -> None:
    with pytest.raises(TypeError):
        load(changed(tags={"A": "b"})).tags["A"] = "c"  # type: ignore[index]  # that is the point
