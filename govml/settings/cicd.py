"""Where the pipeline of this repository gets its source."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from govml.settings.base import SettingsModel


class CicdSettings(SettingsModel):
    """Delivery by CodePipeline: needed when the switch cicd is on."""

    connection_arn: (
        Annotated[
            str,
            Field(
                pattern=r"^arn:aws:(codeconnections|codestar-connections):[a-z0-9-]+:[0-9]{12}:connection/[0-9a-f-]{36}$",
            ),
        ]
        | None
    ) = None
    """CodeConnections connection to the source host; empty: the stack makes one, to be confirmed in the console."""

    repository: Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)+$", max_length=200)]
    """Repository as OWNER/NAME (groups of GitLab: GROUP/SUBGROUP/NAME)."""

    branch: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._/-]*$", max_length=200)] = "main"
    """Branch whose pushes are delivered."""
