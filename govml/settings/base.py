"""What every settings model has in common: frozen, strict, and no key that we do not know."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, model_validator

K = TypeVar("K")
V = TypeVar("V")

# pydantic reads descriptions out of the models' source: a fortieth of a synth's CPU, and a synth shows none of them.
UNDESCRIBED_VARIABLE = "GOVML_SETTINGS_UNDESCRIBED"
_DESCRIBED = UNDESCRIBED_VARIABLE not in os.environ


class SettingsModel(BaseModel):
    """Base of the settings models.

    Strict: a number is never taken for text or the other way round, so that `account: 012345678901` cannot lose its
    zero.
    """

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        strict=True,
        use_attribute_docstrings=_DESCRIBED,
        allow_inf_nan=False,
        str_max_length=1000,
    )

    @model_validator(mode="before")
    @classmethod
    def _an_empty_key_is_not_written(cls, data: Any) -> Any:
        """Drop known keys without a value: `features:` with every line under it commented out means the default."""
        if not isinstance(data, dict):
            return data
        return {key: value for key, value in data.items() if value is not None or key not in cls.model_fields}


class ReadOnly(Mapping[K, V]):
    """A mapping that cannot be changed (pydantic's `frozen` does not reach into a dict), but copied and pickled."""

    def __init__(self, entries: Mapping[K, V]) -> None:
        self._entries = dict(entries)

    def __getitem__(self, key: K) -> V:
        return self._entries[key]

    def __iter__(self) -> Iterator[K]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def __repr__(self) -> str:
        return repr(self._entries)
