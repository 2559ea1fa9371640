"""Does the drift engine see the real price surge in time, and keep quiet when nothing happens? Prints Markdown tables.

    make walk-forward DATA=FOLDER

Models are frozen at the ends of 2014 to 2019 (`walking/models.py`) and walked through month by month with the engine's own
decision. Nothing of 2020 and later is looked at to choose a setting:

1. stable: the first year of the models frozen at the ends of 2015 to 2018, real months;
2. resampled: months of 2015 to 2019 drawn in blocks of 3, 6 and 12 months, many years of them;
3. the smallest limit of the grid whose false alarms stay under 0.2 a year there, with confidence, is the default;
4. only then the surge: the models frozen at the end of 2019, months 2020 to 2025;
5. retraining at the flagged month, against a model that is trained anew every quarter.

Where `.venv-drift` is installed (`make walk-forward` does it), river and NannyML get the same months (`walking/peers.py`).
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np

LIMITS = (0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5)
SUSTAINED = ((1, 1), (2, 3), (3, 4))
BLOCKS = (3, 6, 12)
YEARS, ALLOWED = 10, 0.2
LAST = "2025-08"
STABLE = ("2016", "2017", "2018", "2019")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder of CSV files, as published")
    parser.add_argument("--work", type=Path, default=Path("build/walk-forward"), help="keeps what models predicted")
    parser.add_argument(
        "--replicates", type=int, default=25, help=f"of {YEARS} resampled years each, a model and block"
    )
    parser.add_argument("--peers", type=Path, help="Python of the environment with river and NannyML")
    options = parser.parse_args()
    sys.path.insert(0, str(Path(__file__).parent))
    import govml_pipeline.model  # noqa: F401  sets how OpenMP waits, before XGBoost is loaded
    from govml_pipeline.errors import UserError

    try:
        Benchmark(options).run()
    except UserError as error:
        print(f"error: {error}", file=sys.stderr)
        return error.exit_code
    return 0


class Benchmark:
    """All months of all models, and the tables made of them."""

    def __init__(self, options: argparse.Namespace) -> None:
        from walking import models, series

        self.options, self.series = options, series
        self.market = models.Market.read(options.data)
        self.models = models.NAMES
        self.predicted = {
            (name, year): models.cached(self.market, options.work, name, f"{year}-01", LAST)
            for name in models.NAMES
            for year in range(2015, 2021)
        }
        first = {
            key: series.entries(frame, f"{key[1]}-01", f"{key[1] + 1}-01") for key, frame in self.predicted.items()
        }
        self.first_year = first
        self.pools = {
            name: [entry for year in range(2015, 2020) for _, entry in sorted(first[name, year].items())]
            for name in models.NAMES
        }

    def settings(self, limit: float, sustained: tuple[int, int]) -> Any:
        from govml_pipeline.monitoring.settings import MonitoringSettings

        return MonitoringSettings(thresholds={"concept_drift": limit}, sustained=sustained)

    def walk(self, name: str, year: int, last: str) -> Any:
        baseline = [entry for _, entry in sorted(self.first_year[name, year - 1].items())]
        watched = self.series.entries(self.predicted[name, year], f"{year}-01", last)
        return self.series.Walk.through(baseline, sorted(watched.items()))

    def run(self) -> None:
        from walking import finer, inputs, onset, retraining

        drawn = self.draw()
        calm = {(n, y): self.walk(n, int(y), f"{int(y) + 1}-01") for n in self.models for y in STABLE}
        surge = {name: self.walk(name, 2020, "2025-09") for name in self.models}
        start, before, after = onset.first_month(self.market.rows, "2019-01", "2021-12")
        print(f"Onset by the price index alone: {start} (slope {before:+.2f} %, then {after:+.2f} % a month).\n")
        chosen = self.curve(drawn, calm, surge, start)
        print(f"\nSmallest limit whose false alarms stay under {ALLOWED} a year, 2 of 3 windows: {chosen}\n")
        settings = self.settings(chosen or LIMITS[-1], (2, 3))
        for name, walk in surge.items():
            found = walk.alarms(settings)
            told = f"first {found[0]}, {len(found)} in all" if found else "none"
            print(f"* {name}: alarms from 2020-01 to {LAST} if the model is never retrained: {told}")
        print()
        finer.table(self.predicted, self.models, chosen or LIMITS[-1])
        print()
        inputs.table(self.market.rows)
        if self.options.peers:
            self.peers(drawn, start)
        retraining.table(self.market, self.options.work, self.first_year, settings)

    def draw(self) -> dict[tuple[str, int], list[tuple[list[int], list[int]]]]:
        """Positions of the resampled months by model and block, the same for every engine."""
        rng = np.random.default_rng(20170101)
        return {
            (name, block): [
                self.series.resampled(self.pools[name], years=YEARS, block=block, rng=rng)
                for _ in range(self.options.replicates)
            ]
            for name in self.models
            for block in BLOCKS
        }

    def curve(self, drawn: Any, calm: Any, surge: Any, start: str) -> float | None:
        """Print limits against delay and false alarms; return the smallest limit that is allowed for 2 of 3 windows."""
        from govml_pipeline.data import months

        walks = {
            key: [self.resampled_walk(key[0], baseline, watched) for baseline, watched in each]
            for key, each in drawn.items()
        }
        years = len(calm)
        print("| limit | sustained | " + " | ".join(f"{n}: flagged (months)" for n in ("plain", "packaged")) + " | live "
              f"| real stable years: alarms in {years} | resampled: worst model and block, a year (95 %) |")  # fmt: skip
        print("|--:|---|---|---|---|--:|--:|")
        chosen, shown = None, {}
        for sustained, limit in itertools.product(SUSTAINED, LIMITS):
            settings = self.settings(limit, sustained)
            false = sum(len(walk.alarms(settings)) for walk in calm.values())
            rates = {key: rate([len(walk.alarms(settings)) / YEARS for walk in each]) for key, each in walks.items()}
            worst = max(rates, key=lambda key: rates[key][1])
            flagged = []
            for name in self.models:
                # What comes before the surge is none of its alarms.
                known = [m for m in surge[name].alarms(settings) if name == "live" or start <= m]
                early = [m for m in surge[name].alarms(settings) if m < start]
                delay = f" ({months.number(known[0]) - months.number(start)})" if known and name != "live" else ""
                flagged.append((f"{known[0]}{delay}" if known else "none") + (f", early {early[0]}" if early else ""))
            mean, upper = rates[worst]
            print(f"| {limit} | {sustained[0]} of {sustained[1]} | {' | '.join(flagged)} | {false} | "
                  f"{mean:.3f} (at most {upper:.3f}; {worst[0]}, {worst[1]}) |", flush=True)  # fmt: skip
            if chosen is None and sustained == (2, 3) and upper <= ALLOWED and false == 0:
                chosen, shown = limit, rates
        if chosen is not None:
            print(f"\nResampled stable months at {chosen}, 2 of 3, {self.options.replicates * YEARS} years each: "
                  "false alarms a year (at most, 95 %)\n")  # fmt: skip
            print("| blocks of | " + " | ".join(self.models) + " |\n|--:|" + "---|" * len(self.models))
            for block in BLOCKS:
                cells = (f"{mean:.3f} ({upper:.3f})" for mean, upper in (shown[name, block] for name in self.models))
                print(f"| {block} months | {' | '.join(cells)} |")
        return chosen

    def resampled_walk(self, name: str, baseline: list[int], watched: list[int]) -> Any:
        pool = self.pools[name]
        named = zip(self.series.names(len(watched)), watched, strict=True)
        return self.series.Walk.through([pool[i] for i in baseline], [(month, pool[i]) for month, i in named])

    def peers(self, drawn: Any, start: str) -> None:
        """Hand the same months to the libraries' own environment, and print what it prints."""
        folder = self.options.work
        rows = {f"{name}-{year}": str(folder / f"{name}-{year}-01.parquet") for name, year in self.predicted}
        plan = {
            "rows": rows,
            "start": start,
            "stable": list(map(int, STABLE)),
            "years": YEARS,
            "drawn": {f"{name}-{block}": each for (name, block), each in drawn.items()},
        }
        (folder / "peers.json").write_text(json.dumps(plan))
        script = Path(__file__).parent / "walking" / "peers.py"
        # NannyML reports its use to a service of its maker unless told not to.
        quiet = {**os.environ, "NML_DISABLE_USAGE_LOGGING": "1"}
        command = [str(self.options.peers), str(script), str(folder / "peers.json")]
        subprocess.run(command, check=True, env=quiet)


def rate(alarms: list[float]) -> tuple[float, float]:
    """Mean alarms a year, and the upper end of its one-sided 95 % interval, replicates being independent.

    Without any alarm in n years the upper end is 3 / n (the rule of three: Hanley and Lippman-Hand 1983, JAMA 249(13)).
    """
    values = np.asarray(alarms)
    if not values.any():
        return 0.0, 3 / (len(values) * YEARS)
    return float(values.mean()), float(values.mean() + 1.645 * values.std(ddof=1) / np.sqrt(len(values)))


if __name__ == "__main__":
    raise SystemExit(main())
