"""The step `transform` on both engines over more and more rows: seconds, peak memory, growth; prints a Markdown table.

    python benchmarks/engines.py [--rows 1e5 1e6 1e7] [--data FOLDER] [--work FOLDER] [--timeout 600]

Run it in an environment with PySpark (`pipeline_code/.venv-spark`, which `make test-spark` sets up). The rows are the
published ones (GOVML_HDB_DATA, else the synthetic sample), repeated with other block numbers (up to 16 times as many
blocks as there are, then more sales of each), one in a hundred broken. Each run is the command line in a process of its
own. Memory is the sum of the resident sets of it and its children, looked at every 0.25 s; CPU seconds are theirs, too,
and say more than seconds on a machine that others use. The results of both engines are compared by a digest over all
rows that does not depend on their order.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ENGINES = {"embedded": [], "spark": ["--master", "local-cluster[2,1,2048]"]}
PART = 500_000
#: So many times as many blocks as there are; beyond that, more sales of the same blocks.
BLOCKS = 16


def raw_rows(data: Path | None, scratch: Path):
    """All rows as validation reads them."""
    import polars as pl

    from data_sources.hdb_resale.sample import write_sample
    from govml_pipeline.data.csv_file import read_csv_file
    from govml_pipeline.usecase import load_use_case

    files = sorted(data.glob("resale_*.csv*")) if data else [write_sample(scratch, seed=1, rows=200_000)]
    return pl.concat([read_csv_file(file, load_use_case("hdb_resale").contract).rows for file in files])


def write_rows(base, count: int, folder: Path) -> None:
    """Write `count` rows in files of `PART` rows."""
    import polars as pl

    folder.mkdir()
    line = pl.col("source_line")
    copy = line // base.height
    number = pl.col("block").str.extract("^([0-9]+)").cast(pl.Int64)
    for start in range(0, count, PART):
        size = min(PART, count - start)
        position = pl.int_range(start, start + size, dtype=pl.Int64, eager=True)
        rows = base[(position % base.height).to_numpy()].with_columns(source_line=position)
        rows = rows.with_columns(
            block=pl.concat_str(
                ((number + 37 * (copy % BLOCKS)) % 9999).cast(pl.String), pl.col("block").str.extract("([A-Z]?)$")
            ),
            town=pl.when(line % 200 == 7).then(pl.lit("ATLANTIS")).otherwise("town"),
            resale_price=pl.when(line % 200 == 107).then(pl.lit("9999.99")).otherwise("resale_price"),
        )
        rows.write_parquet(folder / f"{start // PART:05d}.parquet")


def usage(parent: int) -> dict[int, tuple[int, float]]:
    """Bytes in memory and CPU seconds until now of a process and its descendants (proc(5), /proc/pid/stat)."""
    children: dict[int, list[int]] = {}
    used: dict[int, tuple[int, float]] = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        children.setdefault(int(fields[1]), []).append(int(entry.name))
        cpu = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        used[int(entry.name)] = int(fields[21]) * os.sysconf("SC_PAGE_SIZE"), cpu
    found, queue = {}, [parent]
    while queue:
        process = queue.pop()
        if process in used:
            found[process] = used[process]
        queue += children.get(process, [])
    return found


def measure(engine: str, rows: Path, output: Path, timeout: float) -> dict[str, float] | None:
    """One run of the command; None: it did not end in time or failed."""
    command = [sys.executable, "-m", "govml_pipeline.engine", "--use-case", "hdb_resale", "--engine", engine]
    command += [*ENGINES[engine], "--rows", str(rows), "--output", str(output), "--this-month", "2025-12"]
    environment = {**os.environ, "TMPDIR": str(output.parent)}
    started, peak = time.perf_counter(), 0
    cpu: dict[int, float] = {}
    reaped = resource.getrusage(resource.RUSAGE_CHILDREN)
    with (
        tempfile.TemporaryFile("w+") as log,
        subprocess.Popen(command, stdout=log, stderr=log, env=environment, start_new_session=True) as process,
    ):
        while process.poll() is None:
            now = usage(process.pid)
            peak = max(peak, sum(memory for memory, _ in now.values()))
            cpu |= {number: seconds for number, (_, seconds) in now.items()}
            if time.perf_counter() - started > timeout:
                os.killpg(process.pid, signal.SIGTERM)  # the group: Spark's Java processes, too
                return None
            time.sleep(0.25)
        seconds = time.perf_counter() - started
        log.seek(0)
        if process.returncode:
            print(log.read()[-2000:], file=sys.stderr)
            return None
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    # Exact for this process, whose end the samples miss; the Java processes are nobody's to wait for.
    own = ended.ru_utime + ended.ru_stime - reaped.ru_utime - reaped.ru_stime
    total = max(own, sum(cpu.values()))
    return {"seconds": round(seconds, 1), "cpu_s": round(total, 1), "peak_mb": round(peak / 2**20)}


def digest(output: Path) -> dict[str, int]:
    """Per result a sum over the hashes of its rows, and their number."""
    import polars as pl

    folders = [output / "accepted", output / "quarantine", *sorted((output / "totals").iterdir())]
    found = {}
    for folder in folders:
        frame = pl.scan_parquet(folder / "*.parquet")
        names = sorted(frame.collect_schema().names())
        row = pl.struct(names).hash(seed=1).cast(pl.UInt64)
        # 2**32 sums of halves cannot overflow.
        sums = frame.select((row // 2**32).sum().alias("high"), (row % 2**32).sum().alias("low"), pl.len())
        found[folder.name] = sums.collect(engine="streaming").row(0)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", nargs="+", type=float, default=[1e5, 1e6, 1e7])
    parser.add_argument("--data", type=Path, default=os.environ.get("GOVML_HDB_DATA"))
    parser.add_argument("--work", type=Path, help="folder for rows and results (default: a temporary one)")
    parser.add_argument("--timeout", type=float, default=600, help="seconds that a run may take (default: 600)")
    parser.add_argument("--engines", nargs="+", choices=ENGINES, default=list(ENGINES))
    options = parser.parse_args()
    results = []
    with tempfile.TemporaryDirectory(dir=options.work) as name:
        scratch = Path(name)
        base = raw_rows(options.data, scratch)
        for count in map(int, options.rows):
            write_rows(base, count, scratch / "rows")
            entry: dict[str, object] = {"rows": count}
            digests = {}
            for engine in options.engines:
                entry[engine] = measure(engine, scratch / "rows", scratch / engine, options.timeout)
                if entry[engine]:
                    digests[engine] = digest(scratch / engine)
            entry["equal"] = len(digests) > 1 and len({json.dumps(value) for value in digests.values()}) == 1
            results.append(entry)
            print(json.dumps(entry), file=sys.stderr, flush=True)
            for folder in ("rows", *ENGINES):
                shutil.rmtree(scratch / folder, ignore_errors=True)
    print(table(results, options.engines))


def table(results: list[dict], engines: list[str]) -> str:
    """Markdown: a line a size; growth is the exponent of CPU seconds from the size before."""
    titles = [f"{engine}: {what}" for engine in engines for what in ("s", "CPU s", "peak MB", "growth")]
    lines = ["| rows | " + " | ".join(titles) + " | same rows |", "|" + "--:|" * (len(titles) + 1) + "---|"]
    for before, entry in zip([None, *results], results, strict=False):
        cells = [f"{entry['rows']:,}"]
        for engine in engines:
            now, then = entry[engine], before and before[engine]
            growth = ""
            if now and then:
                growth = f"{math.log(now['cpu_s'] / then['cpu_s']) / math.log(entry['rows'] / before['rows']):.2f}"
            cells += (
                [f"{now['seconds']:,}", f"{now['cpu_s']:,}", f"{now['peak_mb']:,}", growth]
                if now
                else ["not in time", "", "", ""]
            )
        lines.append("| " + " | ".join([*cells, "yes" if entry["equal"] else "no"]) + " |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
