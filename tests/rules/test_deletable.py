"""Data may be deleted where both keys of an environment say so, and nowhere else."""

from __future__ import annotations

import json

import pytest

from govml.rules.engine import check_sides
from govml.rules.options import Options
from govml.rules.template import parse_template

TABLE = {
    "Type": "AWS::DynamoDB::Table",
    "DeletionPolicy": "Delete",
    "UpdateReplacePolicy": "Delete",
    "Properties": {
        "DeletionProtectionEnabled": False,
        "SSESpecification": {"SSEEnabled": True, "KMSMasterKeyId": {"Ref": "KeyArn"}},
        "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True},
    },
}


@pytest.mark.parametrize(
    ("stage", "found"),
    [("sandbox-dev", set()), ("sandbox-uat", {"GovML-StatefulRetained", "GovML-DeletionProtection"})],
)
def test_only_the_environment_that_may_be_deleted_deletes(stage, found):
    template = parse_template(
        json.dumps({"Resources": {"T": TABLE}}).encode(), f"out/assembly-{stage}/Data.template.json"
    )
    assert {each.rule for each in check_sides(template, Options(deletable=("sandbox-dev",)))} == found
