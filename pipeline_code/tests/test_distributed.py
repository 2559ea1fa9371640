"""Several hosts as several processes, each with a loopback address of its own."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from jobs import PROJECT, provide_channels

from govml_pipeline.data.split import Split
from govml_pipeline.errors import UserError
from govml_pipeline.model.algorithms.base import Trial
from govml_pipeline.model.artefact import load_model, save_model
from govml_pipeline.model.distributed import Cluster
from govml_pipeline.model.training import train
from govml_pipeline.usecase import UseCase
from usecases.hdb_resale.features import HdbTransformation

HOSTS = ["127.0.0.1", "127.0.0.2"]


@pytest.fixture
def trial(use_case: UseCase) -> Trial:
    """Without sampling, as each host samples its own rows."""
    parameters = {**use_case.training.parameters, "subsample": 1.0, "colsample_bytree": 1.0}
    return Trial(parameters, rounds=60, score=0.1, metric="rmse")


@pytest.fixture
def channels(tmp_path: Path, split: Split, transformation: HdbTransformation, trial: Trial) -> dict[str, Path]:
    folders = {name: tmp_path / name for name in ("train", "validation", "transformation", "trial")}
    for folder in folders.values():
        folder.mkdir()
    split.train.write_parquet(folders["train"] / "rows.parquet")
    split.validation.write_parquet(folders["validation"] / "rows.parquet")
    transformation.save(folders["transformation"])
    (folders["trial"] / "trial.json").write_text(json.dumps({**asdict(trial), "seconds": 1.0}))
    return folders


def start(base: Path, host: str, channels: dict[str, Path], port: int, patience: int) -> subprocess.Popen[str]:
    provide_channels(base, {"seed": "3"}, **channels)
    config = base / "input" / "config" / "resourceconfig.json"
    config.write_text(json.dumps({"current_host": host, "hosts": HOSTS, "network_interface_name": "lo"}))
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(PROJECT / "src"), str(PROJECT)]),
        "SAGEMAKER_BASE_DIR": str(base),
        "GOVML_TRACKER_PORT": str(port),
        "GOVML_TRACKER_PATIENCE": str(patience),
    }
    code = "import sys; from govml_pipeline.main import main; sys.exit(main(['train', '--use-case', 'hdb_resale']))"
    return subprocess.Popen(
        [sys.executable, "-c", code], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


@pytest.fixture
def port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def test_two_hosts_train_one_model_and_the_first_saves_it(  # noqa: PLR0917  fixtures
    tmp_path: Path,
    channels: dict[str, Path],
    port: int,
    split: Split,
    transformation: HdbTransformation,
    use_case: UseCase,
    trial: Trial,
) -> None:
    jobs = [start(tmp_path / host, host, channels, port, 60) for host in HOSTS]
    for job in jobs:
        _, errors = job.communicate(timeout=120)
        assert job.returncode == 0, errors
    assert not list((tmp_path / HOSTS[1] / "model").glob("*"))
    together = load_model(tmp_path / HOSTS[0] / "model")
    assert together.metadata["training"]["hosts"] == 2
    alone = train(use_case, transformation, split.train, split.validation, trial=trial, seed=3)
    save_model(tmp_path / "alone", use_case, alone, transformation, archive=None)
    predictions = [
        model.predict(split.test)["prediction"].to_numpy() for model in (load_model(tmp_path / "alone"), together)
    ]
    assert np.abs(predictions[1] / predictions[0] - 1).mean() < 0.02
    truth = split.test["resale_price"].to_numpy()
    mape = [np.abs(predicted / truth - 1).mean() for predicted in predictions]
    assert mape[1] == pytest.approx(mape[0], rel=0.02)


WORKER = """
import hashlib, sys
import numpy as np
from labelled import labelled
from govml_pipeline.model.algorithms.xgboost import ALGORITHM
from govml_pipeline.model.distributed import Cluster, joined

rank, bins = int(sys.argv[1]), int(sys.argv[2])
generator = np.random.default_rng(0)
matrix = generator.normal(size=(2000, 4))
label = 2 * matrix[:, 0] + matrix[:, 1] + generator.normal(size=2000) / 3
parameters = {"max_depth": 8, "max_bin": bins}
with joined(Cluster(("127.0.0.1", "127.0.0.2"), rank)):
    together = ALGORITHM.fit(labelled(matrix[rank::2], label[rank::2]), parameters, 30, seed=1)
found = together.output(matrix.astype("f4"))
print(hashlib.sha256(found.tobytes()).hexdigest())
if rank == 0:
    alone = ALGORITHM.fit(labelled(matrix, label), parameters, 30, seed=1)
    print(np.abs(found - alone.output(matrix.astype("f4"))).max())
"""


@pytest.mark.parametrize(("bins", "largest"), [(4096, 1e-5), (256, 1.5)])
def test_only_the_quantiles_differ_between_one_host_and_two(port: int, bins: int, largest: float) -> None:
    """With a bin for every value all else is rounding; the quantiles of 256 bins are merged estimates."""
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(str(PROJECT / part) for part in ("src", ".", "tests/support")),
        "GOVML_TRACKER_PORT": str(port),
        "GOVML_TRACKER_PATIENCE": "60",
    }
    jobs = [
        subprocess.Popen(
            [sys.executable, "-c", WORKER, str(rank), str(bins)],
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        for rank in range(2)
    ]
    first, second = (job.communicate(timeout=120)[0].splitlines() for job in jobs)
    (same, difference), (other,) = first[-2:], second[-1:]
    assert same == other
    assert float(difference) <= largest


@pytest.mark.parametrize("host", HOSTS)
def test_a_missing_host_is_told(tmp_path: Path, channels: dict[str, Path], port: int, host: str) -> None:
    job = start(tmp_path / host, host, channels, port, 2)
    _, errors = job.communicate(timeout=120)
    assert job.returncode == 2, errors
    assert f"2 hosts (127.0.0.1, 127.0.0.2) did not train together within 2 s; this is {host}: " in errors
    assert not list((tmp_path / host / "model").glob("*"))


def test_the_shares_are_all_rows_once() -> None:
    rows = pl.DataFrame({"number": range(11)})
    shares = [Cluster(("a", "b", "c"), rank).share(rows) for rank in range(3)]
    assert [share.height for share in shares] == [4, 4, 3]
    assert sorted(pl.concat(shares)["number"]) == list(range(11))


def test_an_algorithm_of_one_host_refuses_several(
    use_case: UseCase, transformation: HdbTransformation, split: Split
) -> None:
    settings = replace(use_case.training, algorithm="k_means")
    clusters = replace(use_case, kind="clustering", training=settings)
    with pytest.raises(UserError, match="k_means trains on one host, the job has 2"):
        train(
            clusters,
            transformation,
            split.train,
            split.validation,
            trial=Trial({}, 1, 0.0, ""),
            seed=1,
            cluster=Cluster(("a", "b"), 0),
        )
