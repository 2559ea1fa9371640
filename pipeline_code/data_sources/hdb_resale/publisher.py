"""Where the real data comes from: data.gov.sg, collection 189. Nothing of it is part of this project.

Contains information from "Resale flat prices based on registration date" (HDB), made available under the Singapore Open
Data Licence v1.0.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from govml_pipeline.data.contract import load_contract
from govml_pipeline.data.datagovsg import DataGovSg

DATASET_ID: Final = "d_8b84c4ee58e3cfc0ece0d773c8ca6abc"
FILE_NAME: Final = "resale_from_2017_01.csv"


def fetch(folder: Path, *, via: str, progress: Callable[[str], None]) -> Path:
    """Fetch the dataset from 2017-01 on into `folder` and return the file's path.

    Args:
        folder: made if it is not there.
        via: `pages` or `file`, see `govml_pipeline.data.datagovsg`.
        progress: told about every page and every wait.

    Raises:
        UserError: see `DataGovSg`.
    """
    contract = load_contract("data_sources.hdb_resale")
    source = DataGovSg(
        DATASET_ID,
        contract.names,
        optional=tuple(column.name for column in contract.columns if not column.required),
        progress=progress,
    )
    target = folder / FILE_NAME
    return source.fetch_pages(target) if via == "pages" else source.fetch_file(target)
