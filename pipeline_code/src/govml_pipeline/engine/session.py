"""Starting Spark: settings that make its answers equal to the embedded engine's, and keep a local one to itself."""

from __future__ import annotations

import importlib.util
import os
import secrets
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from govml_pipeline.errors import UserError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

#: What results depend on: an impossible cast or an overflow is an error, a time has no zone of the machine's.
MEANING: Final = {"spark.sql.ansi.enabled": "true", "spark.sql.session.timeZone": "UTC"}
#: A Spark of our own listens on loopback only, asks for a secret, and encrypts what it sends and what it spills
#: (Spark documentation, "Spark Security": authentication, AES-based encryption, local storage encryption).
LOCAL: Final = {
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.ui.enabled": "false",
    "spark.authenticate": "true",
    "spark.network.crypto.enabled": "true",
    "spark.network.crypto.cipher": "AES/GCM/NoPadding",
    "spark.io.encryption.enabled": "true",
    "spark.io.encryption.keySizeBits": "256",
    "spark.sql.catalogImplementation": "in-memory",
    "spark.sql.shuffle.partitions": "8",
    "spark.log.level": "ERROR",
    "spark.ui.showConsoleProgress": "false",
}


def start(scratch: str, *, master: str | None = None) -> SparkSession:
    """Start a session, or join the one that `spark-submit` has prepared.

    Args:
        scratch: empty folder for what a local Spark leaves behind, and spills (encrypted); the caller removes it.
        master: `local[*]` (the default), `local-cluster[workers,cores,megabytes]` for processes of its own, or a
            cluster's address; under `spark-submit` its own settings count, and this must be None.

    Raises:
        UserError: PySpark or Java is missing.
    """
    package = _pyspark()
    if package is None:
        raise UserError(
            "the engine 'spark' needs PySpark, which is not installed",
            hint="install pipeline_code/requirements/spark.txt (make test-spark makes such an environment), run on a "
            "Spark image, or choose --engine embedded",
        )
    submitted = "PYSPARK_GATEWAY_PORT" in os.environ
    if not submitted and _java() is None:
        raise UserError(
            "the engine 'spark' needs Java, which is neither on the PATH nor in JAVA_HOME",
            hint="install Java 17 or 21, or choose --engine embedded",
        )
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.appName("govml")
    settings = dict(MEANING)
    if not submitted:
        master = master or "local[*]"
        builder = builder.master(master)
        if master.startswith("local"):
            settings |= LOCAL | _of_this_process(Path(scratch), package)
    for name, value in settings.items():
        builder = builder.config(name, value)
    return builder.getOrCreate()


def _of_this_process(scratch: Path, package: Path) -> dict[str, str]:
    """Settings that differ from run to run; the environment of the Java processes, too, which are children of ours."""
    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    os.environ["SPARK_HOME"] = str(_home(scratch / "home", package))
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    return {
        "spark.authenticate.secret": secrets.token_urlsafe(32),
        "spark.local.dir": str(scratch),
        "spark.sql.warehouse.dir": str(scratch / "warehouse"),
        # Executors import this package, and the use case's, from where this process has them.
        "spark.executorEnv.PYTHONPATH": os.pathsep.join(str(Path(entry).absolute()) for entry in sys.path if entry),
    }


def _home(folder: Path, package: Path) -> Path:
    """A home of links: the workers of `local-cluster` write below their home, which is an installed package."""
    folder.mkdir()
    for item in package.iterdir():
        if item.name not in ("work", "__pycache__"):
            (folder / item.name).symlink_to(item)
    return folder


def _pyspark() -> Path | None:
    spec = importlib.util.find_spec("pyspark")
    return Path(spec.submodule_search_locations[0]) if spec and spec.submodule_search_locations else None


def _java() -> str | None:
    home = os.environ.get("JAVA_HOME")
    return shutil.which("java", path=str(Path(home) / "bin")) if home else shutil.which("java")
