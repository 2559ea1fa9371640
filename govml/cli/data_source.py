"""A data source of the agency file, in one environment of the local account."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from govml.errors import UserError

if TYPE_CHECKING:
    from govml.execution.account import Account
    from govml.settings.names import Names


@dataclass(frozen=True)
class DataSource:
    """Where a source's files go.

    Args:
        name: its name in the agency file.
        ingested: whether its files are taken into a curated table, so that what was delivered stays.
        names: names of the environment.
        account: the local account.
    """

    name: str
    ingested: bool
    names: Names
    account: Account

    def raw_uri(self) -> str:
        """Return the source's prefix of the raw zone.

        Raises:
            UserError: the data stack is not deployed.
        """
        from botocore.exceptions import ClientError

        from govml.execution.account import error_code, reachable

        parameter = self.names.zone_bucket("raw")
        with reachable():
            try:
                bucket = self.account.client("ssm").get_parameter(Name=parameter)["Parameter"]["Value"]
            except ClientError as error:
                if error_code(error) != "ParameterNotFound":
                    raise
                raise UserError(
                    f"there is no raw zone: the local account has no parameter {parameter}",
                    hint="deploy the stacks first: `govml local deploy`",
                ) from error
        return f"s3://{bucket}/{self.names.slug(self.name)}"


def open_source(config: str, environment: str, name: str) -> DataSource:
    """Read the agency file and connect to the local account.

    Raises:
        UserError: the file, environment or source is wrong, or the account is not running.
    """
    from govml.local import connection
    from govml.settings import load_settings
    from govml.settings.names import Names

    settings = load_settings(Path(config))
    settings.environment(environment)
    known = sorted(settings.sources)
    if name not in known:
        near = difflib.get_close_matches(name, known, n=1)
        hint = f"did you mean {near[0]}?" if near else f"it has {', '.join(known) or 'none'}"
        raise UserError(f"{config} has no data source {name}", hint=hint)
    return DataSource(name, settings.switches.ingestion, Names(settings.agency, environment), connection())
