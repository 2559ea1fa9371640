"""What a use case says about the groups among which its model has to be fair."""

from __future__ import annotations

from dataclasses import dataclass

from govml_pipeline.errors import UserError


@dataclass(frozen=True)
class FairnessSettings:
    """Groups.

    Args:
        groups: columns of the data, each of whose values is a group; they need not be features of the model.
        minimum_rows: groups of fewer test rows are shown, but enter no gap and raise no finding.

    Raises:
        UserError: no column, one twice, or a minimum below 2.
    """

    groups: tuple[str, ...]
    minimum_rows: int = 100

    def __post_init__(self) -> None:
        """Check the settings."""
        if not self.groups or len(set(self.groups)) != len(self.groups):
            raise UserError(f"fairness: groups {self.groups!r}", hint="name at least one column, each once")
        if self.minimum_rows < 2:
            raise UserError(
                f"fairness: minimum_rows is {self.minimum_rows}", hint="100 is the usual choice, 2 the least"
            )
