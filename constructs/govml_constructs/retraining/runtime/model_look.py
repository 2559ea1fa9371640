"""The drift engine's next look at a served model: where the job finds the model, its baseline, what was captured, its state.

An address that holds nothing would fail the job before it starts (SageMaker downloads no empty prefix), so what is not there
yet is left out, and the pipeline's default says that there is none.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from live_champion import champion_uri
from needed_files import first_day, needed_names, write_manifest

BASELINE = "baseline.json"


class NothingToSee(Exception):
    """There is nothing to look at now; the text says why."""


def look_parameters(client: Callable[[str], Any], case: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return the parameters of the monitoring pipeline.

    Args:
        client: returns boto3's client of a service.
        case: `live_model` (name of an SSM parameter), `data` (S3 URI of the use case's prefix in the artefact zone) and
            `endpoint`.

    Raises:
        NothingToSee: nothing is live, or what is live came without a baseline.
        botocore.exceptions.ClientError: a service refuses.
    """
    folder = champion_uri(client("ssm"), case["live_model"])
    if folder is None:
        raise NothingToSee("no model is live")
    s3, data = client("s3"), f"{case['data']}/"
    if not folder.startswith(data) or not _holds(s3, folder + BASELINE):
        raise NothingToSee("the live model came without a baseline: it was handed over by hand, or trained before")
    places = {"ModelUri": folder, "BaselineUri": folder + BASELINE}
    if _holds(s3, f"{data}monitoring/state/"):
        places["StateUri"] = f"{data}monitoring/state/"
    bucket, _, own = data.removeprefix("s3://").partition("/")
    since = first_day(s3, bucket, f"{own}monitoring/state/next.json")
    for name, prefix in (("Capture", f"{own}capture/{case['endpoint']}/"), ("Feedback", f"{own}feedback/")):
        names = needed_names(s3, bucket, prefix, since, folders=name == "Capture")
        if names:
            key = f"{own}monitoring/needed/{name.lower()}.manifest"
            places[f"{name}Uri"] = write_manifest(s3, bucket, key, prefix, names)
            places[f"{name}Type"] = "ManifestFile"
    return [{"Name": name, "Value": value} for name, value in places.items()]


def _holds(s3: Any, uri: str) -> bool:
    """Return whether any object stands at or below an address."""
    bucket, _, prefix = uri.removeprefix("s3://").partition("/")
    return bool(s3.list_objects_v2(Bucket=bucket, Prefix=prefix, MaxKeys=1).get("Contents"))
