"""Managed Prometheus and the forwarder: under the agency's key, in the VPC, with the rights for one workspace and X-Ray."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from bench import Stand
from profiles import Profile

from govml_constructs.ml.code_archive import archive_bytes
from govml_constructs.telemetry.telemetry_forwarder import HANDLER
from stacks.environment.context import REPOSITORY
from stacks.telemetry.telemetry import CODE


def test_the_workspace_is_encrypted_and_leaves_a_log(bench: Mapping[str, Stand]) -> None:
    stand = bench["Prometheus"]
    properties = stand.one("AWS::APS::Workspace").properties
    assert "logskey" in str(properties["KmsKeyArn"])
    assert properties["LoggingConfiguration"]["LogGroupArn"] == bench["LogGroup"].one("AWS::Logs::LogGroup").arn
    policy = str(stand.one("AWS::Logs::ResourcePolicy").properties["PolicyDocument"])
    assert "delivery.logs.amazonaws.com" in policy
    assert "aws:SourceAccount" in policy
    assert stand.one("AWS::APS::RuleGroupsNamespace").properties["Data"] == "groups: []"


def test_the_forwarder_stands_in_the_vpc_and_writes_only(bench: Mapping[str, Stand]) -> None:
    stand = bench["Forwarder"]
    function = stand.one("AWS::Lambda::Function").properties
    assert function["VpcConfig"]["SubnetIds"]
    assert function["VpcConfig"]["SecurityGroupIds"]
    assert function["DeadLetterConfig"]
    statements = stand.one("AWS::IAM::ManagedPolicy").properties["PolicyDocument"]["Statement"]
    actions = {
        action
        for each in statements
        for action in ([each["Action"]] if isinstance(each["Action"], str) else each["Action"])
    }
    own = {each for each in actions if each.split(":")[0] in ("aps", "xray")}
    assert own == {"aps:RemoteWrite", "xray:PutTraceSegments"}
    [samples] = [each for each in statements if "aps:RemoteWrite" in each["Action"]]
    assert samples["Resource"] == [bench["Prometheus"].one("AWS::APS::Workspace").arn]


def test_only_the_logs_of_sagemaker_call_it(bench: Mapping[str, Stand]) -> None:
    permission = bench["Forwarder"].one("AWS::Lambda::Permission").properties
    assert permission["Principal"] == "logs.amazonaws.com"
    assert permission["SourceAccount"]
    assert str(permission["SourceArn"]).count("log-group:/aws/sagemaker/*") == 1


def test_a_feed_is_a_subscription_for_lines_of_telemetry(bench: Mapping[str, Stand]) -> None:
    properties = bench["Feed"].one("AWS::Logs::SubscriptionFilter").properties
    assert (properties["FilterName"], properties["FilterPattern"]) == ("govml-telemetry", "?resourceMetrics")


def test_a_container_tells_what_is_read_and_every_log_of_it_is_read(profile: Profile) -> None:
    switches = profile.settings.switches
    for _, templates in profile.environments():
        models = [each for template in templates for each in template.all("AWS::SageMaker::Model")]
        feeds = [
            str(each.properties["LogGroupName"])
            for template in templates
            for each in template.all("AWS::Logs::SubscriptionFilter")
            if each.properties["FilterName"] == "govml-telemetry"
        ]
        for model in models:
            told = model.properties["PrimaryContainer"]["Environment"]
            assert told["GOVML_METRICS"] == ("emf,otlp" if switches.managed_prometheus else "emf")
            assert (told.get("GOVML_TRACES") == "otlp") == switches.tracing
            assert ("OTEL_SERVICE_NAME" in told) == switches.telemetry
        assert bool(feeds) == (switches.telemetry and bool(profile.settings.served))


def test_the_archive_holds_all_that_the_function_imports(tmp_path: Path) -> None:
    archive = tmp_path / "code.zip"
    archive.write_bytes(archive_bytes({REPOSITORY / part: part for part in CODE}))
    module, _, function = HANDLER.rpartition(".")
    program = f"import sys; sys.path.insert(0, {str(archive)!r}); import {module} as found; print(found.__file__, found.{function})"
    result = subprocess.run(
        [sys.executable, "-I", "-c", program], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr
    assert str(archive) in result.stdout
