"""What a committed definition leaves open: `${govml.NAME}` inside strings, filled in by whoever deploys it.

The names are the contract with the stack that deploys the pipeline and with the local executor; an unknown one is
refused on both sides.
"""

from __future__ import annotations

import json
import re
from typing import Any, Final

_FORM: Final = re.compile(r"\$\{govml\.([A-Za-z]+)\}")

EXECUTION_ROLE_ARN: Final = "${govml.ExecutionRoleArn}"
IMAGE_URI: Final = "${govml.ImageUri}"
CODE_URI: Final = "${govml.CodeUri}"
CODE_FILE: Final = "${govml.CodeFile}"
ARTIFACTS_URI: Final = "${govml.ArtifactsUri}"
RAW_DATA_URI: Final = "${govml.RawDataUri}"
RAW_DATA_TYPE: Final = "${govml.RawDataType}"  # ManifestFile (a curated table's files) or S3Prefix (CSV files)
DATA_SOURCE: Final = "${govml.DataSource}"
RAW_URI: Final = "${govml.RawUri}"
CURATED_URI: Final = "${govml.CuratedUri}"
DATABASE: Final = "${govml.Database}"
USE_CASE: Final = "${govml.UseCase}"
ENDPOINT_NAME: Final = "${govml.EndpointName}"
FEATURE_GROUP_PREFIX: Final = "${govml.FeatureGroupPrefix}"
KMS_KEY_ARN: Final = "${govml.KmsKeyArn}"
MLFLOW_TRACKING_URI: Final = "${govml.MlflowTrackingUri}"
EXPERIMENT_NAME: Final = "${govml.ExperimentName}"
SUBNET_IDS: Final = "${govml.SubnetIds}"
SECURITY_GROUP_IDS: Final = "${govml.SecurityGroupIds}"

#: What stands for a placeholder while authoring: the SDK asks IAM about a role that does not look like an ARN, and
#: uploads an input that does not look like an S3 URI. Replaced when the definition is written.
ROLE_STAND_IN: Final = "arn:aws:iam::000000000000:role/govml-execution-role-stand-in"
CODE_STAND_IN: Final = "s3://govml-code-archive-stand-in/code.zip"
STAND_INS: Final = {ROLE_STAND_IN: EXECUTION_ROLE_ARN, CODE_STAND_IN: CODE_URI}

#: Values of the right form, used to check a definition against the service model. They name nothing that exists.
SAMPLES: Final[dict[str, str | list[str]]] = {
    "ExecutionRoleArn": "arn:aws:iam::111122223333:role/sample-execution",
    "ImageUri": "111122223333.dkr.ecr.ap-southeast-1.amazonaws.com/sample:1",
    "CodeUri": "s3://sample-artifacts/code/0123456789abcdef.zip",
    "CodeFile": "0123456789abcdef.zip",
    "ArtifactsUri": "s3://sample-artifacts/use-case",
    "RawDataUri": "s3://sample-raw/use-case/",
    "RawDataType": "S3Prefix",
    "DataSource": "sample_source",
    "RawUri": "s3://sample-raw/sample-source",
    "CuratedUri": "s3://sample-curated/sample-source",
    "Database": "sample_dev",
    "UseCase": "sample_use_case",
    "EndpointName": "sample-dev-sample-use-case",
    "FeatureGroupPrefix": "sample-dev-sample-use-case",
    "KmsKeyArn": "arn:aws:kms:ap-southeast-1:111122223333:key/11111111-2222-3333-4444-555555555555",
    "MlflowTrackingUri": "arn:aws:sagemaker:ap-southeast-1:111122223333:mlflow-app/app-SAMPLE123456",
    "ExperimentName": "sample-experiment",
    "SubnetIds": ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
    "SecurityGroupIds": ["sg-0123456789abcdef0"],
}


def find(value: Any) -> set[str]:
    """Return the names of all placeholders within a JSON value, list-valued ones included."""
    return set(_FORM.findall(json.dumps(value)))  # JSON escapes no character of a placeholder


def fill(value: Any, values: dict[str, str | list[str]]) -> Any:
    """Return the JSON value with every placeholder replaced; a list-valued one is spliced into its list.

    Raises:
        KeyError: a placeholder that `values` does not name.
        ValueError: a list-valued placeholder that is not a whole list element.
    """
    if isinstance(value, dict):
        return {key: fill(item, values) for key, item in value.items()}
    if isinstance(value, list):
        filled: list[Any] = []
        for item in value:
            match = _FORM.fullmatch(item) if isinstance(item, str) else None
            if match and isinstance(values[match[1]], list):
                filled.extend(values[match[1]])
            else:
                filled.append(fill(item, values))
        return filled
    if isinstance(value, str) and "${" in value:
        return _FORM.sub(lambda match: _scalar(match[1], values), value)
    return value


def _scalar(name: str, values: dict[str, str | list[str]]) -> str:
    replacement = values[name]
    if isinstance(replacement, list):
        raise ValueError(f"${{govml.{name}}} stands for a list: it must be a whole list element")
    return replacement
