"""The same months through river and NannyML; run by `walk_forward.py --peers PYTHON` in an environment of its own.

    python peers.py PLAN.json

river's detectors read errors row by row, in percent, the baseline's first; NannyML's calculator gets the baseline as its
reference and a month as a chunk. An alarm counts once in four months, as the engine's cool-down has it. Resampled months are
a part of the engine's: blocks of 6 and 12 months, the first replicates.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from nannyml import PerformanceCalculator
from nannyml.thresholds import StandardDeviationThreshold
from river import drift

REPLICATES, BLOCKS, COOL_DOWN = 4, (6, 12), 3
MODELS = ("plain", "packaged", "live")
Months = list[tuple[np.ndarray, np.ndarray]]
#: Whether each watched month alarms, given the baseline's months and the watched ones (absolute and signed errors, %).
Engine = Callable[[Months, Months], list[bool]]


def streaming(make: Callable[[], Any], *, signed: bool) -> Engine:
    """A detector of river on the stream of rows."""

    def run(baseline: Months, watched: Months) -> list[bool]:
        detector = make()
        found = []
        for place, month in enumerate((*baseline, *watched)):
            fired = False
            for value in month[1 if signed else 0].tolist():
                detector.update(value)
                fired = fired or detector.drift_detected
            if place >= len(baseline):
                found.append(fired)
        return found

    return run


def chunked(multiplier: float) -> Engine:
    """NannyML's limit: mean and so many standard deviations of the reference's chunks, on the MAPE of each month."""

    def run(baseline: Months, watched: Months) -> list[bool]:
        usual = np.array([month[0].mean() for month in baseline])
        _, upper = StandardDeviationThreshold(multiplier, multiplier).thresholds(usual)
        return [bool(month[0].mean() > upper) for month in watched]

    return run


ENGINES: dict[str, Engine] = {
    "river ADWIN, delta 0.002 (default), absolute error": streaming(drift.ADWIN, signed=False),
    "river ADWIN, delta 1e-8, absolute error": streaming(lambda: drift.ADWIN(delta=1e-8), signed=False),
    "river ADWIN, delta 1e-8, signed error": streaming(lambda: drift.ADWIN(delta=1e-8), signed=True),
    "river Page-Hinkley (default), absolute error": streaming(drift.PageHinkley, signed=False),
    "river Page-Hinkley, threshold 5000, signed error": streaming(
        lambda: drift.PageHinkley(threshold=5000.0), signed=True
    ),
    "NannyML MAPE, 3 standard deviations (default)": chunked(3.0),
    "NannyML MAPE, 6 standard deviations": chunked(6.0),
}


def main() -> int:
    plan = json.loads(Path(sys.argv[1]).read_text())
    frames = {key: _errors(path) for key, path in plan["rows"].items()}
    check(plan)
    print("| engine | plain: flagged | packaged: flagged | live | real stable years: alarms in 12 | resampled: worst model "
          "and block, a year |")  # fmt: skip
    print("|---|---|---|---|--:|--:|")
    for name, engine in ENGINES.items():
        flagged = [_flagged(engine, frames, model, plan["start"]) for model in MODELS]
        false = sum(
            len(_alarms(engine, _year(frames[f"{model}-{year - 1}"], year - 1), _year(frames[f"{model}-{year}"], year)))
            for model in MODELS
            for year in plan["stable"]
        )
        rates = {key: _rate(engine, frames, key, drawn, plan["years"]) for key, drawn in _drawn(plan)}
        worst = max(rates, key=lambda key: rates[key])
        print(f"| {name} | {' | '.join(flagged)} | {false} | {rates[worst]:.2f} ({worst}) |", flush=True)
    return 0


def check(plan: dict[str, Any]) -> None:
    """The limit that is used for months is the one that NannyML's calculator itself uses on rows."""
    reference, analysed = (
        pd.read_parquet(plan["rows"][f"plain-{year}"]).query(f"month < '{year + 1}'") for year in (2018, 2019)
    )
    calculator = PerformanceCalculator(
        problem_type="regression",
        y_true="resale_price",
        y_pred="prediction",
        timestamp_column_name="month",
        metrics=["mape"],
        chunk_period="M",
        thresholds={"mape": StandardDeviationThreshold(3, 3)},
    )
    calculator.fit(reference.assign(month=pd.to_datetime(reference["month"])))
    result = calculator.calculate(analysed.assign(month=pd.to_datetime(analysed["month"])))
    limit = result.filter(period="analysis").to_df()["mape"]["upper_threshold"].iloc[0] * 100
    usual = np.array([month[0].mean() for _, month in _errors(plan["rows"]["plain-2018"]).items()][:12])
    _, own = StandardDeviationThreshold(3, 3).thresholds(usual)
    if abs(limit - own) > 1e-6:
        raise SystemExit(f"NannyML's limit is {limit}, the one used here {own}")


def _errors(path: str) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    frame = pd.read_parquet(path)
    error = (frame["prediction"] / frame["resale_price"] - 1) * 100
    return {str(month): (part.abs().to_numpy(), part.to_numpy()) for month, part in error.groupby(frame["month"])}


def _year(frame: dict[str, Any], year: int) -> Months:
    return [frame[month] for month in sorted(frame) if month.startswith(str(year))]


def _alarms(engine: Engine, baseline: Months, watched: Months) -> list[int]:
    found: list[int] = []
    for place, fired in enumerate(engine(baseline, watched)):
        if fired and (not found or place - found[-1] > COOL_DOWN):
            found.append(place)
    return found


def _flagged(engine: Engine, frames: dict[str, Any], model: str, start: str) -> str:
    frame = frames[f"{model}-2020"]
    order = sorted(frame)
    alarms = _alarms(engine, _year(frames[f"{model}-2019"], 2019), [frame[month] for month in order])
    late = [order[place] for place in alarms if order[place] >= start]
    early = [order[place] for place in alarms if order[place] < start]
    distance = f" ({order.index(late[0]) - order.index(start)})" if late and model != "live" else ""
    return (f"{late[0]}{distance}" if late else "none") + (f", early {early[0]}" if early else "")


def _drawn(plan: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for key, drawn in plan["drawn"].items():
        if int(key.rsplit("-", 1)[1]) in BLOCKS:
            yield key, drawn[:REPLICATES]


def _rate(engine: Engine, frames: dict[str, Any], key: str, drawn: Any, years: int) -> float:
    model = key.rsplit("-", 1)[0]
    pool = [month for year in range(2015, 2020) for month in _year(frames[f"{model}-{year}"], year)]
    alarms = [_alarms(engine, [pool[i] for i in baseline], [pool[i] for i in watched]) for baseline, watched in drawn]
    return sum(map(len, alarms)) / (years * len(drawn))


if __name__ == "__main__":
    raise SystemExit(main())
