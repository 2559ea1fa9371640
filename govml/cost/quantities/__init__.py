"""How much of what each type of resource takes, where its properties decide; every other type takes one of each row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from govml.cost.line import Use
from govml.cost.quantities.endpoints import endpoint_uses
from govml.cost.quantities.monitors import quality_job_uses
from govml.cost.quantities.network import endpoint_interface_uses, firewall_uses, search_interface_uses
from govml.cost.quantities.pipelines import pipeline_uses
from govml.cost.quantities.services import (
    alarm_uses,
    build_uses,
    delivery_uses,
    function_uses,
    parameter_uses,
)
from govml.cost.quantities.stores import (
    aurora_uses,
    database_instance_uses,
    feature_group_uses,
    search_group_uses,
    tracking_server_uses,
    warehouse_uses,
)
from govml.cost.template_values import Template
from govml.cost.usage import Usage

Counter = Callable[[str, Mapping[str, Any], Template, Usage], Iterable[Use]]

COUNTERS: Mapping[str, Counter] = {
    "AWS::CloudWatch::Alarm": alarm_uses,
    "AWS::CodeBuild::Project": build_uses,
    "AWS::CodePipeline::Pipeline": delivery_uses,
    "AWS::EC2::VPCEndpoint": endpoint_interface_uses,
    "AWS::Lambda::Function": function_uses,
    "AWS::NetworkFirewall::Firewall": firewall_uses,
    "AWS::OpenSearchServerless::CollectionGroup": search_group_uses,
    "AWS::OpenSearchServerless::VpcEndpoint": search_interface_uses,
    "AWS::RDS::DBCluster": aurora_uses,
    "AWS::RDS::DBInstance": database_instance_uses,
    "AWS::RedshiftServerless::Workgroup": warehouse_uses,
    "AWS::SSM::Parameter": parameter_uses,
    "AWS::SageMaker::DataQualityJobDefinition": quality_job_uses,
    "AWS::SageMaker::Endpoint": endpoint_uses,
    "AWS::SageMaker::FeatureGroup": feature_group_uses,
    "AWS::SageMaker::MlflowTrackingServer": tracking_server_uses,
    "AWS::SageMaker::Pipeline": pipeline_uses,
}
"""Type -> function of logical id, settled properties, template and assumptions. It may raise `UnknownQuantityError`."""
