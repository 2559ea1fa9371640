"""What the function that decides on retraining may do, each right for one task."""

from __future__ import annotations

from collections.abc import Sequence

from govml_constructs.identity.customer_policy import Statement
from govml_constructs.identity.statements import use_key
from govml_constructs.place import Place, pseudo_parameters
from govml_constructs.retraining.watched import WatchedUseCase

#: What a look leaves for evidence, and what the next one needs (`runtime/kept_findings.py`, `runtime/needed_files.py`).
FINDINGS = ("findings.json", "report.html")
MANIFESTS = ("capture.manifest", "feedback.manifest")


def decide_statements(place: Place, cases: Sequence[WatchedUseCase]) -> list[Statement]:
    """Return the rights to see what speaks against a request, and to start pipelines.

    Args:
        place: where it all is.
        cases: what is watched.
    """
    pipelines = [pipeline for case in cases for pipeline in (case.pipeline, case.monitor)]
    return [
        Statement(
            sid="StartPipelines",
            actions=["sagemaker:ListPipelineExecutions", "sagemaker:StartPipelineExecution"],
            resources=[place.arn("sagemaker", f"pipeline/{name}") for name in pipelines],
        ),
        Statement(
            sid="SeeFeedAlarms",
            actions=["cloudwatch:DescribeAlarms"],
            resources=[place.arn("cloudwatch", f"alarm:{case.feed_alarm}") for case in cases],
        ),
        Statement(
            sid="SeeLiveModel",
            actions=["ssm:GetParameter"],
            resources=[place.arn("ssm", f"parameter{case.live_model}") for case in cases],
        ),
    ]


def look_statements(place: Place, cases: Sequence[WatchedUseCase], evidence: str, key: str) -> list[Statement]:
    """Return the rights to see the names of what was captured and said, and to pass findings on; never to read a capture.

    Args:
        place: where it all is.
        cases: what is watched.
        evidence: ARN of the evidence bucket.
        key: ARN of the key of the artefact zone.
    """
    objects = {
        case: f"arn:{pseudo_parameters()[0]}:s3:::{case.data.removeprefix('s3://')}/monitoring" for case in cases
    }
    kept = [f"{evidence}/monitoring/{case.slug}/{name}" for case in cases for name in FINDINGS]
    found = [f"{own}/evidence/{name}" for own in objects.values() for name in FINDINGS]
    return [
        *_see_names(cases),
        Statement(
            sid="ReadFindings",
            actions=["s3:GetObject"],
            resources=[*(f"{own}/state/next.json" for own in objects.values()), *found],
        ),
        Statement(
            sid="SayWhatIsNeeded",
            actions=["s3:PutObject"],
            resources=[f"{own}/needed/{name}" for own in objects.values() for name in MANIFESTS],
        ),
        Statement(sid="KeepFindings", actions=["s3:GetObject", "s3:PutObject"], resources=kept),
        use_key("UseStoreKey", [key], [f"s3.{place.region}.amazonaws.com"]),
    ]


def _see_names(cases: Sequence[WatchedUseCase]) -> list[Statement]:
    prefixes: dict[str, list[str]] = {}
    for case in cases:
        bucket, _, prefix = case.data.removeprefix("s3://").partition("/")
        places = (
            f"{prefix}/released/*/baseline.json",
            f"{prefix}/capture/{case.endpoint}/*",
            f"{prefix}/feedback/*",
            f"{prefix}/monitoring/state/*",
        )
        prefixes.setdefault(bucket, []).extend(places)
    partition = pseudo_parameters()[0]
    return [
        Statement(
            sid=f"SeeNames{number}",
            actions=["s3:ListBucket"],
            resources=[f"arn:{partition}:s3:::{bucket}"],
            conditions={"StringLike": {"s3:prefix": sorted(places)}},
        )
        for number, (bucket, places) in enumerate(prefixes.items())
    ]
