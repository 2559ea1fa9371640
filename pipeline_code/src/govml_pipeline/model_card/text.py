"""What only people can say about a model: what it is for, what it is not for, who answers for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Literal, get_args

from govml_pipeline.errors import UserError

Risk = Literal["High", "Medium", "Low", "Unknown"]
#: Longest text that SageMaker's model card takes in these fields.
LONGEST = 2048


@dataclass(frozen=True, kw_only=True)
class CardText:
    """Text of a model card; every text of at most 2,048 characters.

    Args:
        description: what the model does, one or two sentences.
        owner: who answers for the model: a role or team, not a person's name.
        purpose: why it was made.
        intended_uses: what it may be used for.
        not_for: what it must not be used for.
        limits: what lowers its accuracy.
        risk: risk rating.
        risk_reason: why it is so rated.
        ethics: what a user has to consider.
        problem: the business problem.
        stakeholders: whom it concerns.
        choice: why this kind of model, and what was given up for it.
        features: what a feature means, by its name.

    Raises:
        UserError: a text is empty or too long, or the risk rating is unknown.
    """

    description: str
    owner: str
    purpose: str
    intended_uses: str
    not_for: str
    limits: str
    risk: Risk
    risk_reason: str
    ethics: str
    problem: str = ""
    stakeholders: str = ""
    choice: str = ""
    features: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Check the texts."""
        optional = {"problem", "stakeholders", "choice"}
        for each in fields(self):
            text = getattr(self, each.name)
            if each.name == "features":
                continue
            # Two of the card's fields, description and owner, take half as much.
            longest = LONGEST // 2 if each.name in ("description", "owner") else LONGEST
            if (not text and each.name not in optional) or len(text) > longest:
                raise UserError(
                    f"model card: {each.name} has {len(text)} characters", hint=f"write 1 to {longest} characters"
                )
        if self.risk not in get_args(Risk):
            raise UserError(f"model card: risk {self.risk!r}", hint=f"one of {', '.join(get_args(Risk))}")
