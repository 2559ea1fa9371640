"""`EncryptedLogGroup`: encrypted, kept for a year at least."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from aws_cdk import aws_kms as kms
from bench import BenchStack, Stand

from govml_constructs.monitoring.encrypted_log_group import EncryptedLogGroup


def test_the_log_group_is_encrypted_with_the_given_key(bench: Mapping[str, Stand]) -> None:
    properties = bench["LogGroup"].one("AWS::Logs::LogGroup").properties
    assert properties["KmsKeyId"] == bench["LogsKey"].one("AWS::KMS::Key").arn


def test_the_log_group_has_the_given_retention(bench: Mapping[str, Stand]) -> None:
    assert bench["LogGroup"].one("AWS::Logs::LogGroup").properties["RetentionInDays"] == 400


def test_the_log_group_outlives_its_stack(bench: Mapping[str, Stand]) -> None:
    assert bench["LogGroup"].one("AWS::Logs::LogGroup").kept()


def test_less_than_a_year_is_refused(scratch: BenchStack) -> None:
    key = kms.Key(scratch, "Key")
    EncryptedLogGroup(scratch, "Year", key=key, retention_days=365)
    with pytest.raises(ValueError, match=r"Bench/Short.*365 days, not 364"):
        EncryptedLogGroup(scratch, "Short", key=key, retention_days=364)
