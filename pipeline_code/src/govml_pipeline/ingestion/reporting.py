"""A report for each delivery: JSON for machines and a page for people, both made from the ledger's entry alone.

A run that ends between the commit and the report loses nothing: the next one writes whatever report is missing.
"""

from __future__ import annotations

import json
from dataclasses import asdict

from govml_pipeline.data.contract import Contract
from govml_pipeline.ingestion.ledger import Entry, Ledger
from govml_pipeline.ingestion.page import page
from govml_pipeline.storage import Storage


def report_name(entry: Entry) -> str:
    """Return the report's name without its ending, as in `reports/<delivery id>-v1`."""
    return f"reports/{entry.id}-v{entry.contract_version}"


def write_missing_reports(ledger: Ledger, curated: Storage, contract: Contract) -> list[str]:
    """Write the reports that are not there yet; return their names without endings.

    Args:
        ledger: all deliveries.
        curated: where the reports stand.
        contract: of the source.

    Raises:
        OSError: one cannot be written.
    """
    there = {each.name for each in curated.list("reports/")}
    missing = [each for each in ledger.entries.values() if f"{report_name(each)}.html" not in there]
    for entry in missing:
        name = report_name(entry)
        body = {"source": contract.name, "title": contract.title, "notice": contract.notice, **asdict(entry)}
        text = json.dumps(body, sort_keys=True, indent=1, ensure_ascii=False)
        curated.write(f"{name}.json", text.encode())
        curated.write(f"{name}.html", page(entry, contract).encode())  # last: it says that both are there
    return [report_name(each) for each in missing]
