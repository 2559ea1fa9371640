"""How a use case's hyperparameters are searched."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from govml.settings.base import SettingsModel


class TuningSettings(SettingsModel):
    """The search of hyperparameters; its space stands in the use case's own definition."""

    strategy: Literal["Bayesian", "Random", "Grid"] = "Bayesian"
    """Bayesian learns from trial to trial; Random does not, and can run them all at once; Grid tries every combination."""

    # Quotas of a tuning job: SageMaker developer guide, "Resource limits for automatic model tuning".
    trials: Annotated[int, Field(ge=1, le=750)] = 1
    """Number of trials; 1: no search, the use case's default parameters. With Grid, the number of combinations."""

    parallel_trials: Annotated[int, Field(ge=1, le=100)] = 1
    """How many trials run at once, each on an instance of its own."""

    @model_validator(mode="after")
    def _no_more_at_once_than_in_all(self) -> TuningSettings:
        if self.parallel_trials > self.trials:
            raise PydanticCustomError("tuning", "parallel_trials is larger than trials: so many never run at once")
        return self
