"""The agency files that the benchmark of a synth writes are sound, whatever the settings have learnt since."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

from govml.settings import load_settings

BENCHMARK = Path(__file__).resolve().parents[2] / "benchmarks" / "synth_cost.py"


@pytest.mark.parametrize("use_cases", [1, 30])
def test_the_benchmark_s_agency_files_are_sound(tmp_path: Path, use_cases: int) -> None:
    settings = load_settings(runpy.run_path(str(BENCHMARK))["agency_file"](tmp_path, use_cases))
    assert list(settings.use_cases) == [f"case_{number}" for number in range(use_cases)]
    assert set(settings.budget.use_cases) == set(settings.use_cases)
