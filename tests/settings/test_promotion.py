"""Where models come from: the environment before, or another that the agency file names; nowhere for the first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from govml.settings import Settings
from govml.settings.promotion import promoted_use_cases, promotion_source

SERVED = {"use_cases__resale__endpoint": {}}


def source(load: Callable[..., Settings], changed: Callable[..., str], environment: str, **release: Any) -> str | None:
    path = changed(**SERVED, use_cases__resale__release={"approvers": ["Boss"], **release})
    return promotion_source(load(path), "resale", environment)


@pytest.mark.parametrize(("environment", "expected"), [("dev", None), ("prod", "dev")])
def test_models_come_from_the_environment_before(
    load: Callable[..., Settings], changed: Callable[..., str], environment: str, expected: str | None
) -> None:
    assert source(load, changed, environment) == expected


def test_a_source_that_comes_later_is_none(load: Callable[..., Settings], changed: Callable[..., str]) -> None:
    assert source(load, changed, "dev", promote_from="prod") is None


def test_a_use_case_that_is_not_served_is_not_promoted(
    load: Callable[..., Settings], changed: Callable[..., str]
) -> None:
    settings = load(changed())
    assert promotion_source(settings, "resale", "prod") is None
    assert promoted_use_cases(settings, "prod") == {}
