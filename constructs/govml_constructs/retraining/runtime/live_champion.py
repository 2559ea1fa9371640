"""Where the model stands that serves now, so that a new one is held against it."""

from __future__ import annotations

from typing import Any

from botocore.exceptions import ClientError


def champion_uri(ssm: Any, parameter: str | None) -> str | None:
    """Return the S3 prefix that holds the live `model.tar.gz`, with a slash at its end; None while nothing is live.

    Args:
        ssm: Systems Manager client.
        parameter: name of the parameter in which the serving stack keeps the live model's S3 URI; None where the use
            case is not served.

    Raises:
        botocore.exceptions.ClientError: the parameter cannot be read.
    """
    if not parameter:
        return None
    try:
        value = str(ssm.get_parameter(Name=parameter)["Parameter"]["Value"])
    except ClientError as error:
        if error.response["Error"]["Code"] == "ParameterNotFound":
            return None
        raise
    folder, _, name = value.rpartition("/")
    return f"{folder}/" if name and folder.startswith("s3://") else None
