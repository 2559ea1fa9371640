"""Asks the account of an environment what its endpoints and jobs used."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from govml.cost.advice.endpoints import observed_endpoints
from govml.cost.advice.figures import Figures, Window
from govml.cost.advice.jobs import observed_jobs
from govml.cost.advice.right_size import Advice, RightSizer
from govml.cost.prices import PriceTable
from govml.errors import UserError
from govml.settings import Names, Settings


def account_advice(
    settings: Settings, environment: str, prices: PriceTable, days: int, session: Any = None
) -> list[Advice]:
    """Return the advice for an environment; reads only.

    Args:
        settings: the agency file.
        environment: `dev`, `uat` or `prod`.
        prices: the price table.
        days: how many days back.
        session: boto3 session; default: one with the caller's credentials.

    Raises:
        UserError: no such environment, no credentials, or the account refuses a call.
    """
    import boto3
    from botocore.exceptions import BotoCoreError, ClientError

    settings.environment(environment)
    try:
        source = session or boto3.Session()
        sagemaker = source.client("sagemaker", region_name=settings.region)
        window = Window(datetime.now(UTC), days)
        figures = Figures(source.client("cloudwatch", region_name=settings.region), window)
        names = Names(settings.agency, environment)
        tags = {"Project-Code": settings.project_code, "Environment": environment}
        observed = [
            *observed_endpoints(sagemaker, figures, {names.endpoint(each): each for each in settings.use_cases}),
            *observed_jobs(sagemaker, figures, window, tags, {names.slug(each): each for each in settings.use_cases}),
        ]
    except ClientError as error:
        raise UserError(
            f"the account refuses: {error}", hint="a role that may read SageMaker and CloudWatch is enough"
        ) from error
    except BotoCoreError as error:
        raise UserError(f"the account cannot be asked: {error}", hint="sign in, or set AWS_PROFILE") from error
    sizer = RightSizer(prices, settings.region)
    return [sizer.advise(each) for each in observed]
