"""What pipelines are filled with when they are deployed."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Deployment:
    """Values of a definition's placeholders, see `pipeline_definition.fill` and `TrainingPipeline`.

    Args:
        values: placeholder -> text; `${Name}` where only CloudFormation knows it.
        lists: placeholder -> texts.
        variables: name in such a text -> what CloudFormation puts there.
    """

    values: Mapping[str, str]
    lists: Mapping[str, Sequence[str]]
    variables: Mapping[str, str]

    @classmethod
    def of_jobs(
        cls, *, known: Mapping[str, str], texts: Mapping[str, str], subnet_ids: Sequence[str], group_id: str
    ) -> Deployment:
        """Return what a pipeline is filled with whose jobs all run in one place of the network.

        Args:
            known: placeholder -> what only CloudFormation knows, as the ARN of a role.
            texts: placeholder -> text that is known now.
            subnet_ids: where the jobs run.
            group_id: their security group.
        """
        subnets = {f"SubnetId{number}": subnet for number, subnet in enumerate(subnet_ids)}
        groups = {"JobSecurityGroupId": group_id}
        return cls(
            values={**_variables(known), **texts},
            lists={
                "SubnetIds": list(_variables(subnets).values()),
                "SecurityGroupIds": list(_variables(groups).values()),
            },
            variables={**known, **subnets, **groups},
        )

    def used_by(self, definition: Mapping[str, Any]) -> dict[str, str]:
        """Return the variables that occur in a filled definition; CloudFormation refuses others."""
        text = json.dumps(definition)
        return {name: value for name, value in self.variables.items() if f"${{{name}}}" in text}


def _variables(names: Mapping[str, str]) -> dict[str, str]:
    return {name: f"${{{name}}}" for name in names}
