"""What a look costs as captured requests pile up: seconds and peak memory, of all that is kept and of what is needed.

    python benchmarks/capture_growth.py [--months 1 3 6 12 24] [--requests 20000] [--work FOLDER]

Requests of the resale prices, one row each, a file an hour. `needed`: monthly windows, labels a month late, three late
windows, as the defaults have it: the last five whole months and the running one.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import polars as pl
from drift_rows import peak_mb

from govml_pipeline.monitoring.intake.capture import read_capture
from govml_pipeline.usecase import load_use_case

USE_CASE = "hdb_resale"
NEEDED = 6
COLUMNS = {"prediction": pl.Float64}
ROW = {
    "month": "2026-01", "town": "ANG MO KIO", "flat_type": "3 ROOM", "block": "406", "street_name": "ANG MO KIO AVE 10",
    "storey_range": "10 TO 12", "floor_area_sqm": "44", "flat_model": "Improved", "lease_commence_date": "1979",
    "remaining_lease": "61 years 04 months",
}  # fmt: skip


def write(folder: Path, months: int, requests: int) -> None:
    """Write so many months of captured requests, the newest last."""
    for back in range(months):
        start = datetime(2026, 11, 1, tzinfo=UTC) - timedelta(days=30 * (months - back))
        for hour in range(720):
            moment = start + timedelta(hours=hour)
            place = folder / "live" / f"{moment:%Y/%m/%d/%H}"
            place.mkdir(parents=True, exist_ok=True)
            count = requests // 720 + (hour < requests % 720)
            lines = (_line(f"{back}-{hour}-{number}", moment) for number in range(count))
            (place / "1.jsonl").write_text("".join(lines))


def _line(identity: str, moment: datetime) -> str:
    part = {"observedContentType": "application/json", "encoding": "JSON"}
    sent = json.dumps({"instances": [{**ROW, "month": f"{moment:%Y-%m}"}]})
    answered = json.dumps({"predictions": [412345.67], "model_version": "0123456789abcdef"})
    event = {
        "captureData": {"endpointInput": {**part, "data": sent}, "endpointOutput": {**part, "data": answered}},
        "eventMetadata": {"eventId": identity, "inferenceTime": f"{moment:%Y-%m-%dT%H:%M:%SZ}"},
    }
    return json.dumps(event) + "\n"


def read_once(folder: str, since: str) -> None:
    """Read in this process; print what it took as JSON."""
    started = time.perf_counter()
    first = date.fromisoformat(since) if since else None
    contract = load_use_case(USE_CASE).contract
    found = read_capture(Path(folder), contract, COLUMNS, this_month=2026 * 12 + 11, since=first)
    took = {"rows": found.raw.height, "files": found.counts["files"]}
    print(json.dumps({**took, "seconds": time.perf_counter() - started, "peak_mb": peak_mb()}))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--months", nargs="*", type=int, default=[1, 3, 6, 12, 24])
    parser.add_argument("--requests", type=int, default=20_000, help="a month (default: 20,000)")
    parser.add_argument("--work", type=Path, help="folder for files (default: a temporary one)")
    parser.add_argument("--read", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.read:
        read_once(*options.read)
        return
    print("| months kept | read | files | rows | seconds | peak MB |\n|--:|---|--:|--:|--:|--:|")
    since = date(2026, 11, 1) - timedelta(days=30 * NEEDED)
    for months in options.months:
        with tempfile.TemporaryDirectory(dir=options.work) as name:
            write(Path(name), months, options.requests)
            for what, first in (("all", ""), ("needed", since.isoformat())):
                command = [sys.executable, __file__, "--read", name, first]
                found = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
                cells = f"{found['files']:,} | {found['rows']:,} | {found['seconds']:.1f} | {found['peak_mb']:,}"
                print(f"| {months} | {what} | {cells} |", flush=True)


if __name__ == "__main__":
    main()
