"""Acceptance criteria of a model: a limit for each metric, written down before the model is built."""

from __future__ import annotations

from typing import Annotated, Any, Final

from pydantic import AfterValidator, BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from govml.settings.base import SettingsModel

#: Keys of earlier agency files -> the metric and its bound now.
_FORMER: Final = {"max_mape_percent": ("mape", "max"), "max_mae": ("mae", "max")}


class Bound(SettingsModel):
    """The limit of one metric: the largest or the smallest value that is accepted."""

    max: float | None = None
    """Largest value that is accepted."""

    min: float | None = None
    """Smallest value that is accepted."""

    @model_validator(mode="after")
    def _one_limit(self) -> Bound:
        if self.max is None and self.min is None:
            raise PydanticCustomError("bound", "asks for nothing: give max or min")
        if self.max is not None and self.min is not None:
            raise PydanticCustomError("bound", "has both max and min: one of them is enough, good is in one direction")
        return self

    def as_json(self) -> dict[str, float]:
        """Return the limit as the pipeline's parameter has it: `{"max": 6.0}`."""
        return {name: limit for name in ("max", "min") if (limit := getattr(self, name)) is not None}


def _refuse_former_keys(value: Any) -> Any:
    """Say how a criterion of an earlier form is written now, where `max_mape_percent: 6.0` stands."""
    for key, (metric, bound) in _FORMER.items():
        if isinstance(value, dict) and key in value:
            meant = f"{metric}: {{{bound}: {value[key]}}}"
            raise PydanticCustomError("criterion", "{key} is written `{meant}` now", {"key": key, "meant": meant})
    return value


def _something_is_asked(criteria: dict[str, Bound]) -> dict[str, Bound]:
    if not criteria:
        raise PydanticCustomError("criterion", "asks for nothing: every model would be accepted; name a metric")
    return criteria


#: A metric of the evaluation, such as `mape`, or of another part of the assessment, such as `operational.latency_p99_ms`.
Metric = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*(\.[A-Za-z0-9_-]+)*$", max_length=128)]
Criteria = Annotated[
    dict[Metric, Bound], Field(max_length=50), AfterValidator(_something_is_asked), BeforeValidator(_refuse_former_keys)
]
