"""Where the curated table is named: Glue in the account, a SQLite file on a laptop."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from govml_pipeline.errors import UserError

if TYPE_CHECKING:
    from pyiceberg.catalog import Catalog

GLUE = "glue"


def open_catalogue(where: str, database: str) -> Catalog:
    """Open the catalogue and make sure that the database is there.

    Args:
        where: `glue`, or the path of a SQLite file, which is made if it is not there.
        database: name of the database; in Glue it must exist, since the data stack makes it.

    Raises:
        UserError: the database does not exist in Glue.
    """
    if where == GLUE:
        from pyiceberg.catalog.glue import GlueCatalog

        catalogue: Catalog = GlueCatalog(GLUE, **_account())
        if not catalogue.namespace_exists(database):
            raise UserError(
                f"the Glue catalogue has no database {database}",
                hint="deploy the data stack, with the switch catalogue",
            )
        return catalogue
    return _local(Path(where).resolve(), database)


def _local(path: Path, database: str) -> Catalog:
    from pyiceberg.catalog.sql import SqlCatalog
    from sqlalchemy.exc import DBAPIError

    path.parent.mkdir(parents=True, exist_ok=True)

    def opened() -> Catalog:
        catalogue = SqlCatalog("local", uri=f"sqlite:///{path}", warehouse=path.parent.as_uri())
        catalogue.create_namespace_if_not_exists(database)
        return catalogue

    try:
        return opened()
    except DBAPIError:  # another process has made the file's tables at the same moment
        return opened()


def _account() -> dict[str, str]:
    """Region and, where the environment names one, endpoint; the credentials are the job's own."""
    properties = {}
    if region := os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION"):
        properties |= {"glue.region": region, "s3.region": region}
    for service, key in (("GLUE", "glue.endpoint"), ("S3", "s3.endpoint")):
        if endpoint := os.environ.get(f"AWS_ENDPOINT_URL_{service}") or os.environ.get("AWS_ENDPOINT_URL"):
            properties[key] = endpoint
    return properties
