"""Model registry, feature store and images: who writes there, and with which key it is kept."""

from __future__ import annotations

from collections.abc import Iterator

from govml.rules.demands import given, key_problem, later, own_key, switched_on
from govml.rules.options import Options
from govml.rules.policies import IDENTITY_POLICY_TYPES, PolicyStatement, identity_policies, resource_policies
from govml.rules.registry import rule
from govml.rules.template import Resource, Template
from govml.rules.values import get


@rule(
    "GovML-ModelRegistryPolicy",
    "AWS::SageMaker::ModelPackageGroup",
    title="A model registry's policy names its principals and what they may do",
    rationale="Whoever can write a package or its approval decides which model is deployed.",
    severity="high",
    controls=("AC-3", "AC-5", "AC-6"),
    public_sector_controls=("AC-1", "NS-2"),
    source='SageMaker developer guide, "Cross-account discoverability"',
)
def model_registry_policy(resource: Resource, _: Template, options: Options) -> Iterator[str]:
    """Look for anybody, other accounts, and all actions."""
    for statements in resource_policies(resource):
        for each in statements:
            if each.allow:
                yield from _registry_problems(each, options)


def _registry_problems(statement: PolicyStatement, options: Options) -> Iterator[str]:
    within = bool(statement.conditions.get("aws:principalorgid"))
    if statement.not_principals:
        yield f"statement {statement.sid} is for everybody but a few (NotPrincipal)"
    for kind, name in statement.principals:
        if kind in {"*", "AWS"} and name == "*" and not within:
            yield f"statement {statement.sid} is for anybody: name the accounts or roles"
        account = name if name.isdigit() else name.split(":")[4] if name.count(":") > 4 else ""
        if account.isdigit() and account not in options.accounts and not within:
            yield f"statement {statement.sid} is for account {account}: allow it in the options or ask for aws:PrincipalOrgID"
    for action in statement.actions or ("*",):
        if action in {"*", "sagemaker:*"}:
            yield f"statement {statement.sid} allows {action}: name the actions"


_MAKING = ("sagemaker:CreateTrainingJob", "sagemaker:CreateModelPackage", "sagemaker:StartPipelineExecution")
_APPROVAL = "sagemaker:modelapprovalstatus"


@rule(
    "GovML-ApprovalDuty",
    *IDENTITY_POLICY_TYPES,
    title="Who trains or registers a model cannot approve it",
    rationale="Approval by the hand that made the model is no approval.",
    severity="high",
    controls=("AC-5", "AC-6", "CM-5"),
    public_sector_controls=("AC-1", "SC-5"),
    source="AI Verify, process check 9.4.1; service authorization reference, `sagemaker:ModelApprovalStatus`",
)
def approval_duty(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """Look for both rights in one holder, unless a condition on the status withholds the approval."""
    found = [each for _, held in identity_policies(resource) for each in held]
    named = [each for each in found if set(each.actions) != {"*"}]
    if not any(each.allows(action) for each in named for action in _MAKING):
        return
    withheld = any(key.lower() == _APPROVAL for each in found if not each.allow for _, key, _ in each.operators)
    for each in named:
        held_back = any(key.lower() == _APPROVAL for _, key, _ in each.operators)
        if each.allows("sagemaker:UpdateModelPackage") and not (withheld or held_back):
            yield f"statement {each.sid} allows sagemaker:UpdateModelPackage beside making models: leave approval to another role"


@rule(
    "GovML-FeatureStoreKey",
    "AWS::SageMaker::FeatureGroup",
    title="Both stores of a feature group are encrypted with a key of the agency",
    rationale="Features are personal data in another form.",
    severity="medium",
    controls=("SC-28", "SC-28(1)", "SC-12"),
    public_sector_controls=("DP-2", "CK-1"),
    source="CloudFormation template reference, `AWS::SageMaker::FeatureGroup`",
)
def feature_store_key(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """Look at each store that there is."""
    online, offline = resource.get("OnlineStoreConfig"), resource.get("OfflineStoreConfig")
    if switched_on(get(online, "EnableOnlineStore")):
        key = get(online, "SecurityConfig", "KmsKeyId")
        if not own_key(key):
            yield f"OnlineStoreConfig.SecurityConfig.KmsKeyId {key_problem(key)}"
    if given(offline):
        key = get(offline, "S3StorageConfig", "KmsKeyId")
        if not own_key(key):
            yield f"OfflineStoreConfig.S3StorageConfig.KmsKeyId {key_problem(key)}"


@rule(
    "GovML-ImageRepository",
    "AWS::ECR::Repository",
    title="Images are scanned, cannot be overwritten, and are encrypted with a key of the agency",
    rationale="A tag that can be moved lets another image run than the one that was tested.",
    severity="medium",
    controls=("RA-5", "SI-7", "CM-14", "SC-28"),
    public_sector_controls=("CS-1", "CS-7", "DP-2"),
    source='Security Hub user guide, "Security Hub CSPM controls for Amazon ECR" (ECR.1, ECR.2, ECR.5)',
)
def image_repository(resource: Resource, template: Template, __: Options) -> Iterator[str]:
    """Look at scanning (of the repository, or of the registry in the same template), tags and key."""
    registry = any(template.of_type("AWS::ECR::RegistryScanningConfiguration"))
    if not registry and not switched_on(resource.get("ImageScanningConfiguration", "ScanOnPush")):
        yield "ImageScanningConfiguration.ScanOnPush is not true"
    tags = resource.get("ImageTagMutability")
    if not str(tags).startswith("IMMUTABLE") and not (tags is not None and later(tags)):
        yield f"ImageTagMutability is {tags or 'not set (MUTABLE)'}: set IMMUTABLE"
    encryption = resource.get("EncryptionConfiguration")
    if not isinstance(encryption, str):  # known at deployment only
        kind, key = str(get(encryption, "EncryptionType")), get(encryption, "KmsKey")
        if not kind.startswith(("KMS", "${")) or not own_key(key):
            yield f"EncryptionConfiguration is {kind} without a key of the agency: set KMS and KmsKey"
