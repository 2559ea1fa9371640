"""Step Ingest: delivered files into the curated table of their data source."""

from __future__ import annotations

import argparse

from govml_pipeline.data.contract import Contract, load_contract
from govml_pipeline.errors import UserError


def run(options: argparse.Namespace) -> None:
    """Take in every delivered file that the ledger does not know yet.

    Raises:
        UserError: an address is wrong, there is no such source, or a file could not be dealt with; the run can be
            repeated at any time.
    """
    from govml_pipeline.ingestion.catalogue import GLUE
    from govml_pipeline.ingestion.lake import open_lake
    from govml_pipeline.ingestion.metrics import figures, is_stale, publish
    from govml_pipeline.ingestion.run import ingest

    contract = source_contract(options.source)
    lake = open_lake(
        contract, raw=options.raw, curated=options.curated, catalogue=options.catalogue, database=options.database
    )
    outcome = ingest(lake, contract, progress=print)
    values = figures(outcome)
    print(
        f"table {options.database}.{contract.name}: {outcome.rows:,} rows, newest month {outcome.newest_month or '-'}"
    )
    if outcome.manifest:
        print(f"manifest {lake.curated.uri}/{outcome.manifest}")
    if outcome.taken_in:
        print(f"reports {lake.curated.uri}/reports/")
    if is_stale(outcome, contract):
        print(
            f"warning: the newest month ended {values['AgeDays']:.0f} days ago, more than {contract.max_age_days} days"
        )
    if options.catalogue == GLUE:
        publish(contract.name, values)
    if outcome.failed:
        listed = "; ".join(f"{delivery.name}: {reason}" for delivery, reason in outcome.failed[:5])
        raise UserError(f"{len(outcome.failed)} files were not taken in: {listed}", hint="run the step again")


def source_contract(source: str) -> Contract:
    """Return the contract of a data source.

    Raises:
        UserError: there is no such source, or its contract is missing or wrong.
    """
    file = f"data_sources/{source}/contract.toml"
    try:
        return load_contract(f"data_sources.{source}")
    except ModuleNotFoundError as error:
        raise UserError(
            f"there is no data source {source!r}",
            hint="a data source is a folder of data_sources/ with a contract.toml",
        ) from error
    except FileNotFoundError as error:
        raise UserError(f"{file}: there is no such file", hint="every data source has a contract") from error
    except ValueError as error:  # ContractError, TOMLDecodeError, UnicodeDecodeError
        raise UserError(f"{file}: {error}", hint="docs/data.md lists what a contract may hold") from error
