"""One line of the evidence: one rule over one resource."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from govml.evidence.resource import Resource
from govml.evidence.rule import EvidenceRule


class Status(StrEnum):
    """What came of a rule over a resource. Only `PASS` is good news, and it is never the outcome of silence alone."""

    PASS = "pass"  # noqa: S105 - no password
    """The rule ran, looks at resources of this kind, and reported nothing about this one."""
    FAIL = "fail"
    """A finding that nobody has accepted, or whose acceptance cannot stand (expired, hidden, without owner)."""
    ACKNOWLEDGED = "acknowledged"
    """A finding that was accepted, with reason, owner and an expiry that has not passed."""
    NOT_APPLICABLE = "not-applicable"
    """The rule ran, and there is nothing that it looks at."""
    NOT_RUN = "not-run"
    """Nothing shows that the rule ran, or that it could see this resource: no claim is made."""


@dataclass(frozen=True)
class Row:
    """One rule over one resource of one profile.

    Args:
        profile: the agency file's short name.
        status: what came of it.
        rule: the rule.
        detail: the part of the finding's id in brackets, or empty.
        resource: the resource; None when the row is about a rule as a whole, or a finding about no resource.
        path: construct path of the finding, also when it is no resource.
        message: what the finding says, or why the row has its status.
        reason, owner, expires, source_line: of the acknowledgement, or empty.
        acknowledged_at: construct path where it was acknowledged, or empty.
    """

    profile: str
    status: Status
    rule: EvidenceRule
    detail: str = ""
    resource: Resource | None = None
    path: str = ""
    message: str = ""
    reason: str = ""
    owner: str = ""
    expires: str = ""
    source_line: str = ""
    acknowledged_at: str = ""

    @property
    def rule_id(self) -> str:
        """The finding's id, as the report writes it."""
        return f"{self.rule.id}[{self.detail}]" if self.detail else self.rule.id

    @property
    def template(self) -> str:
        """The template, or empty."""
        return self.resource.template if self.resource else ""

    @property
    def logical_id(self) -> str:
        """The logical id, or empty."""
        return self.resource.logical_id if self.resource else ""

    @property
    def type(self) -> str:
        """The resource type, or empty."""
        return self.resource.type if self.resource else ""

    @property
    def order(self) -> tuple[str, ...]:
        """A key that sorts rows the same way in every run."""
        return (self.profile, self.rule.source, self.rule.id, self.template, self.logical_id, self.path, self.detail)
