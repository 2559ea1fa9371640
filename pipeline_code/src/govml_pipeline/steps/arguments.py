"""What each step's command line takes.

Every job reads all of it to find its own: it stands apart from the steps, whose libraries take seconds to import.
"""

from __future__ import annotations

import argparse
from pathlib import Path


def no_arguments(parser: argparse.ArgumentParser) -> None:
    """Add nothing."""


def ingest(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of Ingest."""
    parser.add_argument("--source", required=True, help="data source, a folder of data_sources/")
    parser.add_argument("--raw", required=True, help="s3:// address or folder of the delivered files")
    parser.add_argument("--curated", required=True, help="s3:// address or folder for table, history and reports")
    parser.add_argument("--catalogue", default="glue", help="glue, or a SQLite file on a laptop (default: glue)")
    parser.add_argument("--database", required=True, help="database of the table")


def fetch_source(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of Fetch."""
    parser.add_argument("--source", required=True, help="data source, a folder of data_sources/ with a publisher.py")
    parser.add_argument("--raw", required=True, help="s3:// address or folder for the file")


def transform(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of Transform."""
    parser.add_argument("--engine", default="embedded", help="embedded or spark (default: embedded)")
    parser.add_argument("--master", help="where Spark runs, as in local-cluster[2,1,2048] (default: local[*])")
    parser.add_argument("--rows", help="file or folder of rows, Parquet or CSV (default: the job's input)")
    parser.add_argument("--output", help="folder for the results (default: the job's output)")
    parser.add_argument("--this-month", help="YYYY-MM; later months are in the future (default: now, in Singapore)")


def prepare(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of Prepare."""
    parser.add_argument("--test-months", type=int, default=12, help="the last N months are the test set (default: 12)")
    parser.add_argument(
        "--validation-months", type=int, default=6, help="the N months before the test set (default: 6)"
    )


def features(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of Features."""
    parser.add_argument("--store", choices=("local", "sagemaker"), default="local", help="where to (default: local)")
    parser.add_argument("--prefix", default="", help="what the deployed groups' names start with (store sagemaker)")


def assess(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of Assess."""
    parser.add_argument(
        "--criteria", required=True, help='JSON, as in {"mape": {"max": 4}, "operational.latency_p99_ms": {"max": 50}}'
    )


def monitor(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of Monitor."""
    parser.add_argument("--model-version", help="version of the model in service; another one's baseline is refused")
    parser.add_argument("--endpoint", help="what the figures are filed under (default: the use case's name)")
    parser.add_argument("--now", help="the monitor's time, as 2024-09-01T06:00:00+08:00 (default: the clock's)")


def predict(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of Predict."""
    parser.add_argument("--model-dir", type=Path, required=True, help="folder with model.tar.gz, or of an unpacked one")
    parser.add_argument("--rows", type=Path, required=True, help="Parquet file of rows, as the step Prepare writes it")
    parser.add_argument("--output", type=Path, required=True, help="Parquet file for the predictions")


def serve(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of Serve."""
    parser.add_argument("--host", default="0.0.0.0", help="address to listen on inside the container")  # noqa: S104  the platform's load balancer comes from outside the container
    parser.add_argument("--port", type=int, default=8080, help="SageMaker's port (default: 8080)")
    parser.add_argument("--processes", type=int, help="processes that answer (default: one per core, at most four)")
