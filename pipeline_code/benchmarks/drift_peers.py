"""One library's drift measures on two Parquet files, in a process of its own: prints one line of JSON.

    python benchmarks/drift_peers.py LIBRARY BASELINE.parquet CURRENT.parquet

Called by `drift.py`, in the environment of the libraries (pipeline_code/requirements/drift.txt) or, for `govml`, in the
pipeline's. Only measuring is timed: the libraries' imports and reading into pandas are not, while `govml` reads the files
itself within its time. Each library measures what it has of the same measures, in its quickest documented way.
"""

from __future__ import annotations

import json
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
warnings.simplefilter("ignore")

from drift_rows import CATEGORIES, FEATURES, NUMBERS, peak_mb  # noqa: E402

Found = dict[str, dict[str, float]]
timed: dict[str, float] = {}


@contextmanager
def timing() -> Iterator[None]:
    started, cpu = time.perf_counter(), time.process_time()
    yield
    timed.update(seconds=time.perf_counter() - started, cpu_s=time.process_time() - cpu)


def govml(baseline: str, current: str) -> Found:
    import polars as pl
    import scipy.spatial.distance
    import scipy.stats  # noqa: F401  imports are timed for nobody

    from govml_pipeline.monitoring.measures.comparison import compare
    from govml_pipeline.monitoring.sketches.profile import profile

    with timing():
        sides = [profile(pl.scan_parquet(side), FEATURES) for side in (baseline, current)]
        drifts = compare(*sides)
    return {
        each.feature: {
            "psi": each.psi,
            "jensen_shannon": each.jensen_shannon,
            "error": each.rank_error,
            **({"ks": each.ks.statistic, "wasserstein": each.wasserstein} if each.ks else {}),
            **({"chi_square": each.chi_square.statistic} if each.chi_square else {}),
        }
        for each in drifts
    }


def plain(baseline: str, current: str) -> Found:
    """The exact measures, by NumPy, pandas and SciPy alone."""
    import numpy as np
    import pandas as pd
    from scipy import stats
    from scipy.spatial.distance import jensenshannon

    found: Found = {}
    sides = [pd.read_parquet(side) for side in (baseline, current)]

    def binned(p: np.ndarray, q: np.ndarray) -> dict[str, float]:
        p, q = (np.maximum(side / side.sum(), 1e-4 * (side == 0)) for side in (p, q))
        return {"psi": float(np.sum((q - p) * np.log(q / p))), "jensen_shannon": float(jensenshannon(p, q, base=2))}

    with timing():
        for name in NUMBERS:
            a, b = (side[name].dropna().to_numpy(dtype=np.float64) for side in sides)
            edges = np.unique(np.quantile(a, np.arange(1, 10) / 10, method="inverted_cdf"))
            edges = np.concatenate([[-np.inf], np.nextafter(edges, np.inf), [np.inf]])
            found[name] = {
                **binned(np.histogram(a, edges)[0], np.histogram(b, edges)[0]),
                "ks": float(stats.ks_2samp(a, b, method="asymp").statistic),
                "wasserstein": float(stats.wasserstein_distance(a, b) / a.std()),
            }
        for name in CATEGORIES:
            a, b = (side[name].value_counts() for side in sides)
            table = pd.concat([a, b], axis=1).fillna(0).to_numpy()
            chi = stats.chi2_contingency(table.T, correction=False)
            found[name] = {**binned(table[:, 0], table[:, 1]), "chi_square": float(chi.statistic)}
    return found


def evidently(baseline: str, current: str) -> Found:
    """Its statistical tests, called directly: a `Report` of the same adds its own summaries."""
    import pandas as pd
    from evidently.legacy.calculations.stattests import (
        chi_stat_test,
        jensenshannon_stat_test,
        ks_stat_test,
        psi_stat_test,
        wasserstein_stat_test,
    )
    from evidently.legacy.core import ColumnType

    sides = [pd.read_parquet(side) for side in (baseline, current)]
    both = {"psi": psi_stat_test, "jensen_shannon": jensenshannon_stat_test}
    tests = {
        ColumnType.Numerical: {**both, "ks p": ks_stat_test, "wasserstein": wasserstein_stat_test},
        ColumnType.Categorical: {**both, "chi p": chi_stat_test},
    }
    found: Found = {}
    with timing():
        for name in FEATURES:
            kind = ColumnType.Numerical if name in NUMBERS else ColumnType.Categorical
            a, b = (side[name].dropna() for side in sides)
            found[name] = {
                measure: float(test(reference_data=a, current_data=b, feature_type=kind, threshold=None).drift_score)
                for measure, test in tests[kind].items()
            }
    return found


def nannyml(baseline: str, current: str) -> Found:
    """It has no PSI; it bins numbers into 10,000 equal widths for Kolmogorov-Smirnov and Wasserstein."""
    import nannyml as nml
    import pandas as pd

    sides = [pd.read_parquet(side) for side in (baseline, current)]
    for side in sides:
        side[list(CATEGORIES)] = side[list(CATEGORIES)].astype("category")
    with timing():
        calculator = nml.UnivariateDriftCalculator(
            column_names=list(FEATURES),
            continuous_methods=["jensen_shannon", "kolmogorov_smirnov", "wasserstein"],
            categorical_methods=["jensen_shannon", "chi2"],
            chunk_number=1,
        )
        result = calculator.fit(sides[0]).calculate(sides[1])
    table = result.filter(period="analysis").to_df()
    names = {"kolmogorov_smirnov": "ks", "chi2": "chi_square", "wasserstein": "wasserstein in the feature's unit"}
    return {
        name: {
            names.get(method, method): float(table[name, method, "value"].iloc[0])
            for method in dict.fromkeys(table[name].columns.get_level_values(0))
        }
        for name in FEATURES
    }


def whylogs(baseline: str, current: str) -> Found:
    """It sketches, too (KLL of its own build), and has Kolmogorov-Smirnov and chi-square."""
    import pandas as pd
    import whylogs as why
    from whylogs.viz.drift.column_drift_algorithms import KS, ChiSquare, calculate_drift_scores

    sides = [pd.read_parquet(side) for side in (baseline, current)]
    for side in sides:
        side["yes_no"] = side["yes_no"].astype(str)
    found: Found = {}
    with timing():
        views = [why.log(side).view() for side in sides]
        for kind, measures, names in (("ks p", KS(), NUMBERS), ("chi p", ChiSquare(), CATEGORIES)):
            scores = calculate_drift_scores(
                target_view=views[1], reference_view=views[0], drift_map=dict.fromkeys(names, measures)
            )
            for name in names:
                found[name] = {kind: scores[name]["pvalue"]}
    return found


def datasketches(baseline: str, current: str, size: int = 200) -> Found:
    """Apache DataSketches' KLL sketch of numbers (default: at its default size), and Kolmogorov-Smirnov from its ranks."""
    import numpy as np
    import pandas as pd
    from datasketches import kll_doubles_sketch

    sides = [pd.read_parquet(side) for side in (baseline, current)]
    found: Found = {}
    with timing():
        for name in NUMBERS:
            sketches = []
            for side in sides:
                sketch = kll_doubles_sketch(size)
                sketch.update(side[name].dropna().to_numpy(dtype=np.float64))
                sketches.append(sketch)
            points = np.unique([value for sketch in sketches for value, _ in sketch])
            ranks = [np.array(sketch.get_cdf(points, inclusive=True)) for sketch in sketches]
            error = sum(sketch.normalized_rank_error(False) for sketch in sketches)
            found[name] = {"ks": float(np.abs(ranks[0] - ranks[1]).max()), "error": error}
    return found


def datasketches_4096(baseline: str, current: str) -> Found:
    """The same sketch as large as ours are."""
    return datasketches(baseline, current, 4096)


LIBRARIES: dict[str, Callable[[str, str], Found]] = {
    each.__name__: each for each in (govml, plain, evidently, nannyml, whylogs, datasketches, datasketches_4096)
}


def main() -> None:
    library, baseline, current = sys.argv[1:]
    found = LIBRARIES[library](baseline, current)
    print(json.dumps({**timed, "peak_mb": peak_mb(), "found": found}))


if __name__ == "__main__":
    main()
