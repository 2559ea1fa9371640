"""Loader for data.gov.sg: page by page through the datastore search, or the file that the publisher has prepared.

Both leave either the whole file or no file. What was fetched before a failure is kept beside the target and used by the
next run. Source: data.gov.sg developer guide, "Search and filter within dataset", "Download dataset" and "API rate
limits" (without a key 4 searches and 2 downloads in 10 s; a key goes into the header `x-api-key`).
"""

from __future__ import annotations

import csv
import json
import os
import shutil
import time
import urllib.parse
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from govml_pipeline.data.http import HttpClient
from govml_pipeline.errors import UserError
from govml_pipeline.files import read_json, replacing, write_json

API_KEY_VARIABLE = "DATA_GOV_SG_API_KEY"
#: Rows a page: the API allows more, but a page is what a failure costs.
PAGE_ROWS = 5000
_SEARCH_INTERVAL = 2.6
_DOWNLOAD_INTERVAL = 5.2
_POLLS = 60


def _client(interval: float) -> HttpClient:
    headers = {"User-Agent": "govml-pipeline", "Accept": "application/json, text/csv"}
    if key := os.environ.get(API_KEY_VARIABLE):
        headers["x-api-key"] = key
    return HttpClient(headers=headers, min_interval=interval)


@dataclass
class DataGovSg:
    """Access to one dataset.

    Args:
        dataset_id: id as in the dataset's address, `d_...`.
        columns: columns to keep, in this order.
        optional: columns that upstream may lack.
        search_base: address of the datastore search.
        download_base: address of the download service.
        search: HTTP client of the search.
        download: HTTP client of the download.
        progress: told about every page.
        sleep: waits between two polls; replaced in tests.
    """

    dataset_id: str
    columns: tuple[str, ...]
    optional: tuple[str, ...] = ()
    search_base: str = "https://data.gov.sg"
    download_base: str = "https://api-open.data.gov.sg"
    search: HttpClient = field(default_factory=lambda: _client(_SEARCH_INTERVAL))
    download: HttpClient = field(default_factory=lambda: _client(_DOWNLOAD_INTERVAL))
    progress: Callable[[str], None] = lambda _: None
    sleep: Callable[[float], None] = time.sleep

    def __post_init__(self) -> None:
        self.search.progress = self.download.progress = self.progress

    def fetch_pages(self, target: Path, *, page_rows: int = PAGE_ROWS) -> Path:
        """Fetch all rows through the datastore search into one CSV file.

        Args:
            target: CSV file to write; pages are kept in the folder `.<name>.pages` beside it until all are there.
            page_rows: rows a request.

        Raises:
            UserError: upstream refuses or stays away, changes while it is read, lacks a column, or does not hand out as
                many rows as it says that it has; no file is written then.
        """
        pages = target.parent / f".{target.name}.pages"
        first = self._page(0, page_rows)
        plan = {
            "dataset": self.dataset_id,
            "total": first["total"],
            "page_rows": page_rows,
            "columns": list(self.columns),
        }
        if not first["total"]:
            raise UserError(f"data.gov.sg has no rows for {self.dataset_id}", hint="check the dataset's id")
        if pages.exists() and (not (pages / "plan.json").exists() or read_json(pages / "plan.json") != plan):
            self.progress("upstream has changed since the last attempt: starting again")
            shutil.rmtree(pages)
        write_json(pages / "plan.json", plan)
        for offset in range(0, first["total"], page_rows):
            path = pages / f"{offset:09d}.json"
            if path.exists():
                continue
            result = first if offset == 0 else self._page(offset, page_rows)
            if result["total"] != first["total"]:
                shutil.rmtree(pages)
                raise UserError(
                    f"upstream changed while it was read: {first['total']:,} rows, then {result['total']:,}",
                    hint="run the command again; it starts anew",
                )
            write_json(path, [[record.get(name) for name in ("_id", *self.columns)] for record in result["records"]])
            self.progress(f"{min(offset + page_rows, first['total']):,} of {first['total']:,} rows")
        return self._join(pages, target, first["total"])

    def fetch_file(self, target: Path) -> Path:
        """Fetch the publisher's prepared CSV file; an interrupted transfer goes on where it broke off.

        Raises:
            UserError: upstream refuses, stays away, or does not prepare the file in time; no file is written then.
        """
        address = f"{self.download_base}/v1/public/api/datasets/{self.dataset_id}"
        self._data(self.download.json(f"{address}/initiate-download"))
        for _ in range(_POLLS):
            url = self._data(self.download.json(f"{address}/poll-download")).get("url")
            if url:
                break
            self.sleep(3.0)
        else:
            raise UserError("data.gov.sg does not prepare the file", hint="try again later, or use --via pages")
        secure = urllib.parse.urlsplit(self.download_base).scheme
        if urllib.parse.urlsplit(url).scheme != secure:
            raise UserError(f"data.gov.sg hands out an address that is not {secure}", hint="use --via pages")
        self._transfer(url, target)
        return target

    def _page(self, offset: int, rows: int) -> dict[str, Any]:
        """One page: `total` and `records`."""
        answer = self.search.json(
            f"{self.search_base}/api/action/datastore_search",
            {"resource_id": self.dataset_id, "limit": str(rows), "offset": str(offset)},
        )
        result = answer.get("result")
        if not answer.get("success") or not isinstance(result, dict) or not isinstance(result.get("total"), int):
            raise UserError(f"data.gov.sg answers in an unknown form: {json.dumps(answer)[:200]}")
        present = {entry.get("id") for entry in result.get("fields", [])}
        missing = [name for name in self.columns if name not in present and name not in self.optional]
        if missing:
            raise UserError(
                f"data.gov.sg no longer has column{'s' * (len(missing) > 1)} {', '.join(missing)} in {self.dataset_id}",
                hint="the publisher has changed the data: change the contract",
            )
        return result

    def _join(self, pages: Path, target: Path, total: int) -> Path:
        rows = [row for path in sorted(pages.glob("[0-9]*.json")) for row in read_json(path)]
        identifiers = [row[0] for row in rows if row[0] is not None]
        repeated = len(identifiers) - len(set(identifiers))
        if len(rows) != total or repeated:
            shutil.rmtree(pages)
            raise UserError(
                f"data.gov.sg says that it has {total:,} rows, but hands out {len(rows):,}, {repeated:,} of them twice",
                hint="run the command again; it starts anew",
            )
        with replacing(target) as temporary, temporary.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream, lineterminator="\n")
            writer.writerow(self.columns)
            writer.writerows(row[1:] for row in rows)
        shutil.rmtree(pages)
        return target

    @staticmethod
    def _data(answer: dict[str, Any]) -> dict[str, Any]:
        """`data` of an answer of the download service, which reports errors inside a 200 or 201 (`code` is not 0)."""
        if answer.get("code") != 0 or not isinstance(answer.get("data"), dict):
            raise UserError(
                f"data.gov.sg refuses the download: {answer.get('errorMsg') or answer.get('errMsg') or answer}"
            )
        data: dict[str, Any] = answer["data"]
        return data

    def _transfer(self, url: str, target: Path) -> None:
        """Download to `.<name>.part`; each attempt asks for what is missing, of the same version of the file."""
        part = target.parent / f".{target.name}.part"
        version = target.parent / f".{target.name}.etag"
        target.parent.mkdir(parents=True, exist_ok=True)

        def headers() -> dict[str, str]:
            if part.exists() and part.stat().st_size and version.exists():
                return {"Range": f"bytes={part.stat().st_size}-", "If-Range": version.read_text(encoding="utf-8")}
            return {}

        def read(response: Any) -> None:
            resumed = response.status == 206
            if not resumed and (etag := response.headers.get("ETag")):
                version.write_text(etag, encoding="utf-8")
            with part.open("ab" if resumed else "wb") as stream:
                shutil.copyfileobj(response, stream)
            expected = int(response.headers.get("Content-Length") or 0)
            if response.length:  # what http.client still waits for: copyfileobj does not notice a broken connection
                raise OSError(f"the connection broke after {expected - response.length:,} of {expected:,} bytes")

        self.download.get(url, read, headers)
        part.replace(target)
        version.unlink(missing_ok=True)
