"""The agency file as a whole: its keys, and that they fit together."""

from __future__ import annotations

from pydantic import ValidationInfo, model_validator
from pydantic_core import PydanticCustomError

from govml.settings.agency_file import AgencyFile
from govml.settings.rules.all_rules import broken_rules


class Settings(AgencyFile):
    """One agency's platform: everything that differs between agencies, and nothing else."""

    @model_validator(mode="after")
    def _combinations_are_legal(self, info: ValidationInfo) -> Settings:
        broken = broken_rules(self, unsound=(info.context or {}).get("unsound", frozenset()))
        if broken:
            text = "; ".join(f"{'.'.join(map(str, finding.path))}: {finding.message}" for finding in broken)
            raise PydanticCustomError("combination", "{text}", {"text": text, "findings": broken})
        return self
