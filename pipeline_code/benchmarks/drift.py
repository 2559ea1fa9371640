"""Measures of drift: seconds, memory, agreement with other libraries, and growth to 10^8 rows; prints Markdown tables.

    python benchmarks/drift.py --peers PYTHON [--rows 1e6] [--runs 3] [--growth 1e5 1e6 1e7 1e8] [--work FOLDER]

Run it in the pipeline's environment; PYTHON is that of an environment with the other libraries (`make bench-drift` sets
both up). Every library has the same two Parquet files of twenty features, in a process of its own (`drift_peers.py`).
CPU seconds say more than seconds on a machine that others use. For the growth, one file of at most 10^7 rows is read as
many times as it takes, streaming, so that 10^8 rows need 1 GB of disk and no memory of their own.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import polars as pl
from drift_rows import CATEGORIES, FEATURES, peak_mb, write

from govml_pipeline.monitoring.sketches.profile import profile

#: Libraries of the other environment, and measures whose exact value is known from SciPy.
PEERS = ("evidently", "nannyml", "whylogs", "datasketches", "datasketches_4096")
MEASURES = ("psi", "jensen_shannon", "ks", "wasserstein", "chi_square")
LARGEST_FILE = 10_000_000


def run(python: str, library: str, files: list[Path], timeout: float) -> dict:
    """One library in a process of its own; `whole_s` is with start, imports and reading."""
    script = str(Path(__file__).with_name("drift_peers.py"))
    quiet = {"NML_DISABLE_USAGE_LOGGING": "1", "DO_NOT_TRACK": "1", "WHYLOGS_NO_ANALYTICS": "True"}
    started = time.perf_counter()
    ended = subprocess.run(
        [python, script, library, *map(str, files)],
        env={**os.environ, **quiet},
        capture_output=True,
        text=True,
        timeout=timeout,
        check=True,
    )
    return {**json.loads(ended.stdout.splitlines()[-1]), "whole_s": time.perf_counter() - started}


def speed(best: dict[str, dict]) -> str:
    """Table: each library's quickest run by CPU seconds, and how many times those of ours."""
    ours = best["govml"]["cpu_s"]
    lines = [
        "| library | seconds | CPU s | times ours | whole process: s | peak MB |",
        "|---|--:|--:|--:|--:|--:|",
    ]
    for name, each in best.items():
        cells = [f"{each[key]:,.1f}" for key in ("seconds", "cpu_s")] + [f"{each['cpu_s'] / ours:.1f}"]
        lines.append(f"| {name} | {' | '.join(cells)} | {each['whole_s']:,.1f} | {each['peak_mb']:,} |")
    return "\n".join(lines)


def agreement(best: dict[str, dict]) -> str:
    """Table: largest difference from the exact measure over the features, by library and measure."""
    exact = best["plain"]["found"]
    lines = ["| largest difference | " + " | ".join(MEASURES) + " |", "|---|" + "--:|" * len(MEASURES)]
    for library, run_of in best.items():
        if library in ("plain", "whylogs"):
            continue
        cells = []
        for measure in MEASURES:
            gaps = [
                abs(run_of["found"][name][measure] - exact[name][measure])
                / (exact[name][measure] if measure == "chi_square" else 1)
                for name in FEATURES
                if measure in run_of["found"].get(name, {}) and measure in exact[name]
            ]
            cells.append(f"{max(gaps):.2g}" if gaps else "")
        lines.append(f"| {library} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def growth(sizes: list[int], scratch: Path) -> str:
    """Table: one profile of more and more rows, each in a process of its own so that the peak is its own."""
    lines = ["| rows | seconds | CPU s | peak MB | growth |", "|--:|--:|--:|--:|--:|"]
    before: tuple[int, float] | None = None
    for rows in sizes:
        file = scratch / "growth.parquet"
        write(file, min(rows, LARGEST_FILE), shift=0, seed=3)
        command = [sys.executable, __file__, "--profile", str(file), str(max(rows // LARGEST_FILE, 1))]
        found = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
        file.unlink()
        exponent = math.log(found["cpu_s"] / before[1]) / math.log(rows / before[0]) if before else None
        before = rows, found["cpu_s"]
        shown = "" if exponent is None else f"{exponent:.2f}"
        lines.append(
            f"| {found['rows']:,} | {found['seconds']:,.1f} | {found['cpu_s']:,.1f} | {found['peak_mb']:,} | {shown} |"
        )
        print(lines[-1], file=sys.stderr, flush=True)
    return "\n".join(lines)


def profile_once(file: str, times: int) -> None:
    """Profile a file so many times over; print what it took as JSON."""
    started, cpu = time.perf_counter(), time.process_time()
    made = profile((pl.scan_parquet(file) for _ in range(times)), FEATURES)
    took = {"seconds": time.perf_counter() - started, "cpu_s": time.process_time() - cpu}
    print(json.dumps({**took, "rows": made.rows, "peak_mb": peak_mb(), "bytes": len(made.to_json())}))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peers", help="Python of the environment with the other libraries")
    parser.add_argument("--rows", type=float, default=1e6)
    parser.add_argument("--runs", type=int, default=3, help="the quickest of so many runs counts (default: 3)")
    parser.add_argument("--growth", nargs="*", type=float, default=[1e5, 1e6, 1e7])
    parser.add_argument("--work", type=Path, help="folder for rows (default: a temporary one)")
    parser.add_argument("--timeout", type=float, default=900, help="seconds that a run may take (default: 900)")
    parser.add_argument("--profile", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.profile:
        profile_once(options.profile[0], int(options.profile[1]))
        return
    with tempfile.TemporaryDirectory(dir=options.work) as name:
        scratch = Path(name)
        files = [scratch / "baseline.parquet", scratch / "current.parquet"]
        for file, shift in zip(files, (0.0, 0.05), strict=True):
            write(file, int(options.rows), shift=shift, seed=1 + (shift > 0))
        libraries = {"govml": sys.executable, "plain": sys.executable}
        libraries |= dict.fromkeys(PEERS, options.peers) if options.peers else {}
        best = {}
        for library, python in libraries.items():
            runs = [run(python, library, files, options.timeout) for _ in range(options.runs)]
            best[library] = min(runs, key=lambda each: each["cpu_s"])
            print(library, {key: value for key, value in best[library].items() if key != "found"}, file=sys.stderr)
        for file in files:
            file.unlink()
        print(speed(best), agreement(best), sep="\n\n", end="\n\n", flush=True)
        print(f"{len(FEATURES)} features, {len(CATEGORIES)} of them categories\n")
        print(growth([int(size) for size in options.growth], scratch))


if __name__ == "__main__":
    main()
