"""Time and memory of ingestion on a laptop, with a growth curve; prints JSON, one line a point.

    python benchmarks/ingestion.py [--data FOLDER] [--rows 100000 300000 1000000 3000000]

FOLDER holds the published files (GOVML_HDB_DATA by default); without it the synthetic sample is used. Each point runs in
a process of its own, since peak memory only ever rises, on one file in which the same rows are repeated with other prices:
every row is a record of its own. `floor` is what a plain pass over the same file costs (Polars `scan_csv` to Parquet).
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROWS = (100_000, 300_000, 1_000_000, 3_000_000)


def measure(raw: Path, base: Path) -> dict[str, object]:
    """One run in this process."""
    started = time.perf_counter()
    from govml_pipeline.data.contract import load_contract
    from govml_pipeline.ingestion.lake import open_lake
    from govml_pipeline.ingestion.run import ingest

    contract = load_contract("data_sources.hdb_resale")
    lake = open_lake(
        contract, raw=str(raw), curated=str(base / "curated"), catalogue=str(base / "catalogue.db"), database="lake"
    )
    run = ingest(lake, contract)
    return {
        "read": sum(entry.counts.read for entry in run.taken_in),
        "curated": run.rows,
        "quarantined": sum(entry.counts.quarantined for entry in run.taken_in),
        "seconds": round(time.perf_counter() - started, 2),
        "cpu_seconds": round(time.process_time(), 2),
        "peak_rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def floor(raw: Path, base: Path) -> dict[str, object]:
    """A pass over the same file without any check."""
    started = time.perf_counter()
    import polars as pl

    (path,) = raw.iterdir()
    pl.scan_csv(path, infer_schema=False).sink_parquet(base / "floor.parquet")
    return {
        "seconds": round(time.perf_counter() - started, 2),
        "peak_rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def write_rows(source: Path, target: Path, rows: int) -> None:
    """Write a file of exactly so many rows, each repetition with prices of its own."""
    import polars as pl

    files = sorted(source.glob("*.csv*"))
    once = pl.concat([pl.read_csv(path, infer_schema=False) for path in files], how="diagonal")
    with target.open("wb") as stream:
        for number in range(-(-rows // once.height)):
            part = once.head(min(once.height, rows - number * once.height))
            price = (pl.col("resale_price").cast(pl.Float64) + number).cast(pl.Int64).cast(pl.String)
            part.with_columns(price.alias("resale_price")).write_csv(stream, include_header=number == 0)


def main() -> None:
    """Run every point and print it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=os.environ.get("GOVML_HDB_DATA"))
    parser.add_argument("--rows", type=int, nargs="+", default=list(ROWS))
    parser.add_argument("--measure", choices=("measure", "floor"), help=argparse.SUPPRESS)
    parser.add_argument("--raw", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--base", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        print(json.dumps({"measure": measure, "floor": floor}[options.measure](options.raw, options.base)))
        return
    for rows in options.rows:
        with tempfile.TemporaryDirectory() as folder:
            base, raw = Path(folder), Path(folder) / "raw"
            raw.mkdir()
            source = Path(options.data) if options.data else base / "sample"
            if not options.data:
                from data_sources.hdb_resale.sample import write_sample

                write_sample(source, seed=1, rows=30_000)
            write_rows(source, raw / "delivery.csv", rows)
            point: dict[str, object] = {"rows": rows, "megabytes": (raw / "delivery.csv").stat().st_size // 1024**2}
            for kind in ("measure", "floor"):
                command = [sys.executable, __file__, "--measure", kind, "--raw", str(raw), "--base", str(base)]
                done = subprocess.run(command, capture_output=True, text=True, check=True)
                point["ingestion" if kind == "measure" else "floor"] = json.loads(done.stdout.splitlines()[-1])
            print(json.dumps(point), flush=True)


if __name__ == "__main__":
    main()
