"""Experiment tracking: managed MLflow, of the kind that the agency file names."""

from __future__ import annotations

from govml.identity.key_users import made_persona_roles
from govml_constructs.identity.customer_policy import CustomerPolicy
from govml_constructs.identity.service_role import ServiceRole
from govml_constructs.identity.use_case_access import USE_CASE_TAG
from govml_constructs.ml.tracking_app import TrackingApp
from govml_constructs.ml.tracking_server import TrackingServer
from stacks.data.data import DataStack
from stacks.environment.base import EnvironmentStack


def make_tracking(stack: EnvironmentStack, data: DataStack) -> TrackingApp | TrackingServer:
    """Make the tracking, and let the people who compare runs look at it.

    Args:
        stack: where it is made.
        data: the artefact zone, and the policy of its data.
    """
    context = stack.context
    bucket, name, platform = data.zones["artifacts"], context.names.resource("mlflow"), context.settings.platform
    served = platform.mlflow == "tracking-server"
    role = ServiceRole(
        stack,
        "TrackingRole",
        service="sagemaker.amazonaws.com",
        description="Managed MLflow keeps its artefacts under the prefix `mlflow` of the artefact zone",
        rules=context.role_rules,
        policies=[data.policies.use_case_data],
        source_arns=[stack.place.arn("sagemaker", f"mlflow-tracking-server/{name}" if served else "mlflow-app/*")],
        tags={USE_CASE_TAG: "mlflow"},
    )
    artifact_uri, removal = f"s3://{bucket.bucket_name}/mlflow", context.removal_policy
    tracking: TrackingApp | TrackingServer
    if served:
        tracking = TrackingServer(
            stack,
            "TrackingServer",
            name=name,
            size=platform.tracking_server_size,
            artifact_uri=artifact_uri,
            role=role,
            removal_policy=removal,
        )
    else:
        tracking = TrackingApp(
            stack, "Tracking", name=name, artifact_uri=artifact_uri, role=role, removal_policy=removal
        )
    viewers = made_persona_roles(
        context.settings, context.environment_name, ["data_scientist", "ml_engineer", "approver"]
    )
    if viewers:
        CustomerPolicy(
            stack,
            "TrackingView",
            description="Compare runs in MLflow",
            path=context.role_rules.path,
            statements=tracking.view_statements(),
            role_names=viewers,
        )
    return tracking
