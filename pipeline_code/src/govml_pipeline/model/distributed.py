"""Training on several hosts: XGBoost's collective, each host with a share of the rows, the same model on all of them.

SageMaker tells every host of a training job the names of all (`resourceconfig.json`, "How Amazon SageMaker AI provides
training information" in the developer guide). The first host starts the tracker that the others report to. Quantiles and
the gradients of every split are summed over the hosts, so that all grow the same trees; the first one saves.
"""

from __future__ import annotations

import math
import os
import socket
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from govml_pipeline import paths
from govml_pipeline.errors import UserError
from govml_pipeline.files import read_json

#: Where the tracker listens, unless `GOVML_TRACKER_PORT` names another port (several jobs on one machine need that).
_PORT: Final = 29500
#: Seconds that a host waits for the others: their container may start minutes later.
_PATIENCE: Final = 600


@dataclass(frozen=True)
class Cluster:
    """The hosts of a training job.

    Args:
        hosts: names that resolve on the job's network, the first one leads.
        rank: position of this host, 0 is the first.
    """

    hosts: tuple[str, ...] = ("localhost",)
    rank: int = 0

    @property
    def leads(self) -> bool:
        """Whether this host saves the model."""
        return self.rank == 0

    def share(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Every so many-th row, another one on each host."""
        return rows if len(self.hosts) == 1 else rows.gather_every(len(self.hosts), self.rank)


def read_cluster() -> Cluster:
    """Read which hosts train together; a single one where nothing is said."""
    file = paths.hyperparameters_file().with_name("resourceconfig.json")
    found: dict[str, Any] = read_json(file) if file.exists() else {}
    hosts = tuple(sorted(found.get("hosts", ())))
    return Cluster(hosts, hosts.index(found["current_host"])) if len(hosts) > 1 else Cluster()


@contextmanager
def joined(cluster: Cluster) -> Iterator[None]:
    """Train together with the other hosts inside of the block; on a single host, do nothing.

    Raises:
        UserError: not every host came in time, or one was lost.
    """
    if len(cluster.hosts) == 1:
        yield
        return
    from xgboost.collective import CommunicatorContext
    from xgboost.core import XGBoostError
    from xgboost.tracker import RabitTracker

    patience = int(os.environ.get("GOVML_TRACKER_PATIENCE", _PATIENCE))
    port = int(os.environ.get("GOVML_TRACKER_PORT", _PORT))
    first = _address(cluster.hosts[0], patience)
    tracker = None
    try:
        if cluster.leads:
            tracker = RabitTracker(
                n_workers=len(cluster.hosts), host_ip=first, port=port, sortby="task", timeout=patience
            )
            tracker.start()
        context = CommunicatorContext(
            dmlc_tracker_uri=first,
            dmlc_tracker_port=port,
            dmlc_task_id=f"{cluster.rank:06d}",  # ranks follow the order of these texts
            dmlc_timeout=patience,
            # XGBoost waits two seconds longer before each further attempt: n of them take n * (n - 1) seconds.
            dmlc_retry=math.ceil(math.sqrt(patience)) + 1,
        )
        with _quiet():
            context.__enter__()
        try:
            yield
        finally:
            context.__exit__()
        if tracker is not None:
            tracker.wait_for(patience)
    except (XGBoostError, ValueError) as error:
        said = str(error).partition("Stack trace")[0].strip()
        reason = said.rpartition("]: ")[2]
        raise UserError(
            f"{len(cluster.hosts)} hosts ({', '.join(cluster.hosts)}) did not train together within {patience} s; "
            f"this is {cluster.hosts[cluster.rank]}: {reason}",
            hint="see the log of the other hosts; the security group must let the hosts of a job reach each other",
        ) from error


def _address(host: str, patience: int) -> str:
    """IP address of a host; its name may resolve only once its container has started."""
    until = time.monotonic() + patience
    while True:
        try:
            return socket.gethostbyname(host)
        except OSError as error:
            if time.monotonic() > until:
                raise UserError(f"host {host} of the training job has no address", hint="start it again") from error
            time.sleep(1)


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep XGBoost from warning at every attempt to reach a tracker that is not there yet."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", category=UserWarning, module="xgboost")
        yield
