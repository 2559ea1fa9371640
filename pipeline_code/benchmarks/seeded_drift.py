"""Defects put into real months on purpose: when the drift engine tells of each; prints Markdown tables.

    python benchmarks/seeded_drift.py --data FOLDER [--ranges 2012-03:2016-12 2017-01:2019-12 2020-01:2022-12]

For each range of months a model is trained as the pipeline does (six months validate, the last twelve test). The rows of the
test months are dealt into two halves: one makes the baseline; the other, moved on by a year, is what the endpoint answers
afterwards. So nothing has changed until a defect is put in, from the third month on. Beside them the months that really
followed, as they were.
"""

from __future__ import annotations

import argparse
import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl
from walking.defects import DEFECTS, Defect
from walking.models import Market

from govml_pipeline.data import months
from govml_pipeline.data.split import split_by_month
from govml_pipeline.model.algorithms.base import Trial
from govml_pipeline.model.artefact import Model
from govml_pipeline.model.training import train
from govml_pipeline.monitoring.baseline import Baseline, make_baseline
from govml_pipeline.monitoring.deciding.decision import decide
from govml_pipeline.monitoring.deciding.state import State
from govml_pipeline.monitoring.intake.arriving import from_rows
from govml_pipeline.monitoring.judging.watching import watch
from govml_pipeline.usecase import load_use_case

RANGES: Final = ("2012-03:2016-12", "2017-01:2019-12", "2020-01:2022-12")
_ROUNDS, _SEED, _TEST, _VALIDATION, _BEFORE = 300, 20281128, 12, 6, 2
_USE_CASE: Final = load_use_case("hdb_resale")


@dataclass(frozen=True)
class Seen:
    """What the engine said of one month: kinds that counted, names of the signals, and whether retraining was asked for."""

    month: int
    kinds: frozenset[str]
    names: tuple[str, ...]
    verdict: str
    retrain: bool


def trained(market: Market, first: str, last: str) -> tuple[Model, pl.DataFrame]:
    """Train on a range of months; return the model and its test rows."""
    rows = market.rows.filter(pl.col("month").is_between(pl.lit(first), pl.lit(last))).drop("month_number")
    split = split_by_month(rows, "month", test_months=_TEST, validation_months=_VALIDATION)
    fitted = _USE_CASE.transformation.fit(split.train, rows)
    trial = Trial(dict(_USE_CASE.training.parameters), _ROUNDS, 0.0, "rmse")
    made = train(_USE_CASE, fitted, split.train, split.validation, trial=trial, seed=_SEED)
    return Model(_USE_CASE, made.fitted, made.labels, fitted, {"model_version": f"{first}:{last}"}), split.test


def walk(model: Model, baseline: Baseline, later: pl.DataFrame, defect: Defect) -> list[Seen]:
    """Let the engine look after every month of `later` (rows with `at`, the number of the month they count to)."""
    state, seen, parts = State(baseline.model_version), [], []
    first = int(later["at"].min())
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for at in sorted(later["at"].unique()):
            rows = later.filter(pl.col("at") == at).drop("at")
            age = at - first - _BEFORE + 1
            rng = np.random.default_rng([_SEED, at])
            changed = defect.change(rows, age, rng) if age > 0 else rows
            said = model.predict(changed if defect.answered else rows)
            time = pl.lit(datetime(at // 12, at % 12 + 1, 15, tzinfo=months.SINGAPORE)).dt.convert_time_zone("UTC")
            frame = pl.concat([changed, said], how="horizontal").with_columns(time.alias("time"))
            frame.write_parquet(folder / f"{at}.parquet")
            parts.append(frame)
            now = datetime((at + 1) // 12, (at + 1) % 12 + 1, 2, tzinfo=months.SINGAPORE)
            arrived = from_rows(folder, _USE_CASE, baseline, now=now)
            watched = watch(arrived, _USE_CASE, baseline, state, now=now)
            state, decision = decide(state, watched.judged, _USE_CASE.monitoring)
            counted = [each.signal for each in decision.signals if each.breached]
            names = tuple(f"{each.kind}:{each.name}" for each in counted)
            kinds = frozenset(each.kind for each in counted)
            seen.append(Seen(age, kinds, names, decision.verdict, decision.retrain))
    return seen


def halves(model: Model, test: pl.DataFrame) -> tuple[Baseline, pl.DataFrame]:
    """The baseline of one half of the test rows, and the other half as what comes a year later."""
    mine = pl.Series(np.random.default_rng(_SEED).random(test.height) < 0.5)
    first, second = test.filter(mine), test.filter(~mine)
    at = (months.number_expression("month") + 12).cast(pl.Int64).alias("at")
    return make_baseline(model, first, model.predict(first)), second.with_columns(at)


def told(seen: list[Seen], defect: Defect) -> str:
    """Months from the defect's first one to the one that told of it, and to the request; what was said before it."""
    hit = [each.month for each in seen if each.month > 0 and each.kinds & set(defect.told_by)]
    asked = [each.month for each in seen if each.retrain]
    other = sorted({name for each in seen if each.month <= 0 for name in each.names})
    wrong = "" if not other else f"; before it {', '.join(other)}"
    if not defect.told_by:
        found = sorted({name for each in seen for name in each.names})
        return f"{', '.join(found) or 'nothing'}{'; asked ' + str(asked) if asked else ''}"
    if not hit:
        return f"**missed**{wrong}"
    return f"{hit[0]}{f', asked {asked[0]}' if asked else ''}{wrong}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the published CSV files")
    parser.add_argument("--ranges", nargs="*", default=RANGES, help="FIRST:LAST months to train on")
    options = parser.parse_args()
    market = Market.read(options.data)
    columns: dict[str, list[str]] = {name: [] for name in DEFECTS}
    followed = []
    for each in options.ranges:
        first, last = each.split(":")
        model, test = trained(market, first, last)
        baseline, second = halves(model, test)
        for name, defect in DEFECTS.items():
            columns[name].append(told(walk(model, baseline, second, defect), defect))
            print(f"{each} {name}: {columns[name][-1]}", flush=True)
        whole = make_baseline(model, test, model.predict(test))
        after = (pl.col("month") > last) & (pl.col("month_number") <= months.number(last) + 12)
        rows = market.rows.filter(after).with_columns(pl.col("month_number").alias("at")).drop("month_number")
        seen = walk(model, whole, rows, DEFECTS["none"])
        asked = [text for text, look in zip(sorted(rows["month"].unique()), seen, strict=True) if look.retrain]
        error = float((model.predict(rows)["prediction"] / rows["resale_price"] - 1).abs().mean() * 100)
        usual = float(np.mean([entry["mape"] for entry in whole.performance.values()]))
        names = sorted({name for look in seen for name in look.names})
        cells = (each, f"{usual:.2f}", f"{error:.2f}", ", ".join(asked) or "no", ", ".join(names) or "nothing")
        followed.append(f"| {' | '.join(cells)} |")
        print(followed[-1], flush=True)
    print(f"\n| defect | {' | '.join(options.ranges)} |\n|---|{'---|' * len(options.ranges)}")
    for name, cells in columns.items():
        print(f"| {name} | {' | '.join(cells)} |")
    print("\n| trained on | usual MAPE | MAPE of the 12 months after | retraining asked for | what counted |")
    print("|---|--:|--:|---|---|")
    print("\n".join(followed))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
