"""Time and memory to read, validate and split raw CSV files, with a growth curve; prints JSON.

    python benchmarks/read_validate_split.py --data FOLDER [--pattern 'resale_2017*.csv.gz']

FOLDER holds the published files (GOVML_HDB_DATA by default). Each point of the curve runs in its own process, since peak
memory only ever rises: the same rows, repeated or cut to the wanted number.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

CURVE = (10_000, 30_000, 100_000, 300_000, 1_000_000)


def measure(files: list[Path]) -> dict[str, float]:
    """One run in this process."""
    started = time.perf_counter()
    from govml_pipeline.data.split import split_by_month
    from govml_pipeline.data.validation import validate_files
    from govml_pipeline.usecase import load_use_case

    use_case = load_use_case("hdb_resale")
    imported = time.perf_counter()
    outcome = validate_files(files, use_case.contract)
    validated = time.perf_counter()
    split = split_by_month(outcome.rows, "month", test_months=12, validation_months=6)
    done = time.perf_counter()
    return {
        "rows": outcome.report["dataset"]["rows_read"],
        "accepted": outcome.rows.height,
        "test_rows": split.test.height,
        "seconds": round(done - started, 3),
        "seconds_import": round(imported - started, 3),
        "seconds_read_and_validate": round(validated - imported, 3),
        "seconds_split": round(done - validated, 3),
        "cpu_seconds": round(time.process_time(), 3),
        "peak_rss_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
    }


def in_own_process(files: list[Path]) -> dict[str, float]:
    """One run in a process of its own."""
    command = [sys.executable, __file__, "--measure", *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    result: dict[str, float] = json.loads(done.stdout)
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("GOVML_HDB_DATA", ".")))
    parser.add_argument("--pattern", default="resale_2017*.csv.gz")
    parser.add_argument("--measure", nargs="+", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        print(json.dumps(measure(options.measure)))
        return
    files = sorted(options.data.glob(options.pattern))
    if not files:
        sys.exit(f"error: no file {options.pattern} in {options.data}; set GOVML_HDB_DATA or give --data")
    result = {"real_data": in_own_process(files), "growth": []}
    header, *lines = gzip.decompress(files[-1].read_bytes()).decode().splitlines()
    with tempfile.TemporaryDirectory() as folder:
        for wanted in CURVE:
            # Cut evenly over time, so that every split has its months.
            step = max(1, len(lines) // wanted)
            rows = (lines[::step] * (wanted // len(lines[::step]) + 1))[:wanted]
            path = Path(folder) / f"{wanted}.csv"
            path.write_text("\n".join([header, *rows]) + "\n")
            result["growth"].append(in_own_process([path]))
            path.unlink()
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
