"""What becomes of the metrics and traces that stand in logs."""

from __future__ import annotations

from bench.ground import Ground
from bench.names import RULES
from govml_constructs.functions.private_function import PrivatePlace
from govml_constructs.telemetry.log_feed import LogFeed
from govml_constructs.telemetry.prometheus_workspace import PrometheusWorkspace
from govml_constructs.telemetry.telemetry_forwarder import TelemetryForwarder


def add_telemetry(bench: Ground) -> None:
    stack, add = bench.stack, bench.add
    workspace = add(
        PrometheusWorkspace(
            stack,
            "Prometheus",
            alias="bench-dev",
            key=bench.logs_key,
            log_group=bench.log,
            rules="groups: []",
            alert_manager="alertmanager_config: {}",
        )
    )
    archive = bench.folder / "forwarder.zip"
    archive.write_bytes(b"PK\x05\x06" + bytes(18))  # an empty zip
    forwarder = add(
        TelemetryForwarder(
            stack,
            "Forwarder",
            archive=archive,
            workspace=workspace,
            traces=True,
            where=PrivatePlace(bench.vpc.vpc_id, bench.subnet_ids, bench.group_id, bench.function_network),
            log_group=bench.log,
            key=bench.logs_key,
            alerts=bench.topic,
            rules=RULES,
        )
    )
    add(
        LogFeed(
            stack,
            "Feed",
            log_group_name="/aws/sagemaker/Endpoints/bench-dev-hdb-resale",
            function_arn=forwarder.function.function_arn,
            pattern="?resourceMetrics",
        )
    )
