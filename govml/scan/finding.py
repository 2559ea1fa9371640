"""What a scanner says."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class ScanFinding:
    """One finding.

    Args:
        scanner: `cfn-lint`, `checkov` or `cloudformation-validate`.
        rule: the scanner's id of the rule, such as `CKV_AWS_117`.
        template: the template's path, as it was given to the scanner.
        logical_id: the resource or the parameter; empty when the scanner names none.
        message: what is wrong.
    """

    scanner: str
    rule: str
    template: str
    logical_id: str
    message: str
