"""Settings of an account or VPC that CloudFormation has no resource type for, made by a Lambda-backed custom resource."""

from govml_constructs.account_setting.construct import AccountSetting

__all__ = ["AccountSetting"]
