"""`DataCatalogue`: query results are encrypted and bounded whoever asks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from bench import Stand
from cfn_templates import ACCOUNT


@pytest.fixture
def workgroup(bench: Mapping[str, Stand]) -> dict[str, Any]:
    groups = {each.properties["Name"]: each.properties for each in bench["Catalogue"].all("AWS::Athena::WorkGroup")}
    assert set(groups) == {"bench-dev", "bench-dev-automation"}
    configuration: dict[str, Any] = groups["bench-dev"]["WorkGroupConfiguration"]
    return configuration


def test_results_are_encrypted_with_the_given_key(bench: Mapping[str, Stand], workgroup: dict[str, Any]) -> None:
    result = workgroup["ResultConfiguration"]
    assert result["OutputLocation"] == "s3://results/athena/"
    key = bench["DataKey"].one("AWS::KMS::Key").arn
    assert result["EncryptionConfiguration"] == {"EncryptionOption": "SSE_KMS", "KmsKey": key}


def test_a_client_cannot_choose_other_settings(workgroup: dict[str, Any]) -> None:
    assert workgroup["EnforceWorkGroupConfiguration"] is True


def test_a_query_that_scans_too_much_is_cut_off(workgroup: dict[str, Any]) -> None:
    assert workgroup["BytesScannedCutoffPerQuery"] == 100 * 1024**3


def test_metrics_are_on(workgroup: dict[str, Any]) -> None:
    assert workgroup["PublishCloudWatchMetricsEnabled"] is True


def test_the_database_has_a_name_that_athena_takes(bench: Mapping[str, Stand]) -> None:
    database = bench["Catalogue"].one("AWS::Glue::Database").properties
    assert database["DatabaseInput"]["Name"] == bench["Catalogue"].construct.database_name == "bench_dev"


def test_results_go_to_a_bucket_of_this_account_only(workgroup: dict[str, Any]) -> None:
    assert workgroup["ResultConfiguration"]["ExpectedBucketOwner"] == ACCOUNT


def test_jobs_query_by_a_workgroup_of_their_own_under_the_same_rules(
    bench: Mapping[str, Stand], workgroup: dict[str, Any]
) -> None:
    (jobs,) = [
        each.properties["WorkGroupConfiguration"]
        for each in bench["Catalogue"].all("AWS::Athena::WorkGroup")
        if each.properties["Name"].endswith("-automation")
    ]
    assert jobs["ResultConfiguration"].pop("OutputLocation") == "s3://results/athena/automation/"
    assert jobs == {
        **workgroup,
        "ResultConfiguration": {
            key: value for key, value in workgroup["ResultConfiguration"].items() if key != "OutputLocation"
        },
    }


def test_the_database_is_kept_when_its_stack_goes(bench: Mapping[str, Stand]) -> None:
    assert bench["Catalogue"].one("AWS::Glue::Database").kept()
