"""`SavedQueries`: searches of CloudWatch Logs Insights that runbooks send one to, ready to run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from aws_cdk import aws_logs as logs
from constructs import Construct

from govml_constructs.place import PlacedConstruct


@dataclass(frozen=True)
class SavedQuery:
    """One search.

    Args:
        construct_id: PascalCase id, never changed once landed.
        title: what it shows, as in `Slowest requests`.
        log_groups: names of the log groups.
        lines: the commands, in Logs Insights' own language, one a line.
    """

    construct_id: str
    title: str
    log_groups: Sequence[str]
    lines: Sequence[str]


class SavedQueries(PlacedConstruct):
    """Saved searches in a folder of their own.

    Args:
        folder: what the console groups them by, as in `sandbox-dev`.
        queries: the searches.
    """

    def __init__(self, scope: Construct, construct_id: str, *, folder: str, queries: Sequence[SavedQuery]) -> None:
        super().__init__(scope, construct_id)
        for query in queries:
            logs.CfnQueryDefinition(
                self,
                query.construct_id,
                name=f"{folder}/{query.title}",
                log_group_names=list(query.log_groups),
                query_string="\n| ".join(query.lines),
            )
