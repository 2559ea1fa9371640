"""The two `aws` commands that the plain path uses, done with boto3: `s3 cp FILE s3://...` and `cloudformation deploy`.

It takes exactly the options that the scripts give and fails on any other, so that a script cannot pass by being ignored.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

PATH_STYLE = Config(s3={"addressing_style": "path"})


def copy(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("source", type=Path)
    parser.add_argument("target")
    parser.add_argument("--region", required=True)
    given = parser.parse_args(arguments)
    bucket, _, key = given.target.removeprefix("s3://").partition("/")
    s3 = boto3.client("s3", region_name=given.region, config=PATH_STYLE)
    s3.put_object(Bucket=bucket, Key=key, Body=given.source.read_bytes())


def deploy(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser()
    for name in ("--region", "--stack-name", "--template-file", "--s3-bucket", "--s3-prefix"):
        parser.add_argument(name, required=True)
    parser.add_argument("--capabilities", nargs="+", required=True)
    parser.add_argument("--tags", nargs="+", required=True)
    parser.add_argument("--no-fail-on-empty-changeset", action="store_true")
    parser.add_argument("--role-arn")
    given = parser.parse_args(arguments)
    key = f"{given.s3_prefix}/{given.stack_name}.template"
    s3 = boto3.client("s3", region_name=given.region, config=PATH_STYLE)
    s3.put_object(Bucket=given.s3_bucket, Key=key, Body=Path(given.template_file).read_bytes())
    client = boto3.client("cloudformation", region_name=given.region)
    request = {
        "StackName": given.stack_name,
        "TemplateURL": s3.generate_presigned_url("get_object", Params={"Bucket": given.s3_bucket, "Key": key}).split(
            "?"
        )[0],
        "Capabilities": given.capabilities,
        "Tags": [dict(zip(("Key", "Value"), tag.split("=", 1), strict=True)) for tag in given.tags],
        **({"RoleARN": given.role_arn} if given.role_arn else {}),
    }
    try:
        client.update_stack(**request)
        waiter = "stack_update_complete"
    except ClientError as error:
        if "No updates are to be performed" in str(error):
            return
        client.create_stack(**request)
        waiter = "stack_create_complete"
    client.get_waiter(waiter).wait(StackName=given.stack_name, WaiterConfig={"Delay": 1, "MaxAttempts": 60})


if __name__ == "__main__":
    {("s3", "cp"): copy, ("cloudformation", "deploy"): deploy}[(sys.argv[1], sys.argv[2])](sys.argv[3:])
