"""MLflow: who opens it, and that it registers no model by itself."""

from __future__ import annotations

from collections.abc import Iterator

from govml.rules.options import Options
from govml.rules.policies import IDENTITY_POLICY_TYPES, identity_policies
from govml.rules.registry import rule
from govml.rules.template import Resource, Template
from govml.rules.values import true


@rule(
    "GovML-TrackingRegistration",
    "AWS::SageMaker::MlflowTrackingServer",
    "AWS::SageMaker::MlflowApp",
    title="MLflow registers no model by itself, and keeps artefacts under a role of its own",
    rationale="A model that any run puts into SageMaker's registry has passed no test and no gate.",
    severity="medium",
    controls=("AC-5", "CM-3"),
    public_sector_controls=("SC-5",),
    source="CloudFormation template reference, `AWS::SageMaker::MlflowTrackingServer`, `AWS::SageMaker::MlflowApp`",
)
def tracking_registration(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """Find automatic registration, and stores that are not in S3."""
    if true(resource.get("AutomaticModelRegistration")):
        yield "AutomaticModelRegistration is on: the pipeline registers what has passed"
    if resource.get("ModelRegistrationMode") == "AutoModelRegistrationEnabled":
        yield "ModelRegistrationMode is AutoModelRegistrationEnabled: the pipeline registers what has passed"
    store = str(resource.get("ArtifactStoreUri") or "")
    if not store.startswith("s3://") and not store.startswith("${"):
        yield f"ArtifactStoreUri is {store or 'not set'}: name a bucket of the agency"


@rule(
    "GovML-TrackingAccess",
    *IDENTITY_POLICY_TYPES,
    title="MLflow is opened by named server",
    rationale="Access to every tracking server, or a sign-in link to any, shows the experiments of all teams.",
    severity="medium",
    controls=("AC-3", "AC-6"),
    public_sector_controls=("AC-1",),
    source="Service authorization reference, SageMaker with MLflow",
)
def tracking_access(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """Find MLflow's actions on all resources.

    `AccessUI` takes no resource, and shows nothing of a server without the other actions.
    """
    for where, statements in identity_policies(resource):
        for each in statements:
            if each.allow and "*" in each.resources and any(map(_of_a_server, each.actions)):
                yield f"{where}, statement {each.sid}: MLflow on all resources; name the server or app"


def _of_a_server(action: str) -> bool:
    return "mlflow" in action.lower() and action.lower() != "sagemaker-mlflow:accessui"
