"""`ReleaseParameters`: what a release changes of a serving stack, and nothing else of it."""

from __future__ import annotations

from dataclasses import astuple, dataclass
from typing import Any, NamedTuple, cast

from aws_cdk import CfnCondition, CfnParameter, CfnRule, CfnRuleAssertion, Fn, ICfnConditionExpression, Stack, Token
from constructs import Construct

from govml_constructs.place import PlacedConstruct

_DATA = r"^$|^s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]/.+\.tar\.gz$"
_DIGEST = "^$|^[0-9a-f]{64}$"
_IMAGE = "^$|^.+@sha256:[0-9a-f]{64}$"
_VERSION = "^$|^[1-9][0-9]{0,9}$"
_WEIGHT = "^$|^(100|[1-9]?[0-9])$"

Expression = dict[str, list[object]]
"""A condition as CloudFormation writes it; plain data, since CDK's `Fn` takes a call for every comparison."""


@dataclass(frozen=True)
class Model:
    """One model as SageMaker takes it; values may hold tokens.

    Args:
        data: S3 URI of its `model.tar.gz`.
        digest: SHA-256 of that file, hexadecimal; empty where it is not known.
        image: image of its container.
        version: version of its model package; empty where it has none.
    """

    data: str
    digest: str
    image: str
    version: str


class ReleaseParameters(PlacedConstruct):
    """The parameters `LiveModelData`, `LiveModelDigest`, `LiveImage`, `LiveVersion`, the same of `Challenger`, and its weight.

    A release is an `UpdateStack` with `UsePreviousTemplate` and new values; `cdk deploy` keeps the values (its option
    `--previous-parameters` is on unless switched off). All are empty until the first release, and while they are, a model
    that was handed over by hand is live, or none.

    Args:
        handed_over: the model that is live until the first release; None for none.
        challenger: whether a challenger may be named.

    Attributes:
        live: the live model.
        challenger: the challenger; None where none may be named.
        weight: its share of the requests as a number in text, empty for the usual one; None like `challenger`.
        has_live: condition of everything that needs a live model; None where there always is one.
        has_challenger: condition of everything that needs a challenger; None like `challenger`.

    Controls: a model and its image come together or not at all, a model is named by digest, or the update is refused.
    """

    def __init__(self, scope: Construct, construct_id: str, *, handed_over: Model | None, challenger: bool) -> None:
        super().__init__(scope, construct_id)
        self._template = Stack.of(self)  # made right in the stack, each has its own name as logical id
        live, rival = self._model("Live"), self._model("Challenger")
        weight = self._parameter("ChallengerWeight", "Share of the requests of the challenger, 0 to 100", _WEIGHT)
        released = _given(live[0])
        self._rule("LiveIsWhole", _all_or_none(live), "a release names model data, digest, image and version together")
        self.has_release = self._condition("HasRelease", released)
        self.has_live = None if handed_over else self.has_release
        self.live = self._or_handed_over(_values(live), handed_over) if handed_over else _values(live)
        self.challenger = self.weight = self.has_challenger = None
        if not challenger:
            nothing: Expression = {"Fn::And": [_missing(each) for each in [*rival, weight]]}
            self._rule(
                "NoChallenger", nothing, "this endpoint takes no challenger: see `challenger` of the agency file"
            )
            return
        self._rule("ChallengerIsWhole", _all_or_none(rival), "a challenger has model data, digest, image and version")
        named = _given(rival[0])
        self.has_challenger = self._condition("HasChallenger", named if handed_over else {"Fn::And": [released, named]})
        self.has_weight = self._condition("HasWeight", _given(weight))
        self.challenger, self.weight = _values(rival), weight.made.value_as_string

    def _model(self, which: str) -> list[_Parameter]:
        """Make the parameters of one model, in the order of `Model`."""
        return [
            self._parameter(f"{which}ModelData", "S3 URI of model.tar.gz", _DATA),
            self._parameter(f"{which}ModelDigest", "SHA-256 of model.tar.gz", _DIGEST),
            self._parameter(f"{which}Image", "Image by digest", _IMAGE),
            self._parameter(f"{which}Version", "Version of the model package", _VERSION),
        ]

    def _parameter(self, name: str, description: str, pattern: str) -> _Parameter:
        made = CfnParameter(
            self._template,
            name,
            type="String",
            default="",
            allowed_pattern=pattern,
            description=f"{description}; set by a release",
        )
        return _Parameter(name, made)

    def _condition(self, name: str, expression: Expression) -> CfnCondition:
        return CfnCondition(self._template, name, expression=_token(expression))

    def _rule(self, name: str, holds: Expression, message: str) -> None:
        assertion = CfnRuleAssertion(assert_=_token(holds), assert_description=message)
        CfnRule(self._template, name, assertions=[assertion])

    def _or_handed_over(self, released: Model, handed_over: Model) -> Model:
        def either(parameter: str, otherwise: str) -> str:
            return Fn.condition_if("HasRelease", parameter, otherwise).to_string()

        return Model(*(either(*pair) for pair in zip(astuple(released), astuple(handed_over), strict=True)))


class _Parameter(NamedTuple):
    """A parameter and its name: expressions refer to it by that, and only a value that a resource takes is asked for."""

    name: str
    made: CfnParameter


def _values(model: list[_Parameter]) -> Model:
    return Model(*(each.made.value_as_string for each in model))


def _missing(parameter: _Parameter) -> Expression:
    return {"Fn::Equals": [{"Ref": parameter.name}, ""]}


def _given(parameter: _Parameter) -> Expression:
    return {"Fn::Not": [_missing(parameter)]}


def _all_or_none(model: list[_Parameter]) -> Expression:
    return {"Fn::Or": [{"Fn::And": [_missing(each) for each in model]}, {"Fn::And": [_given(each) for each in model]}]}


def _token(expression: Expression) -> ICfnConditionExpression:
    """Return an expression as CDK takes one: all that it asks of it is to resolve to what the template shall hold."""
    token: Any = Token.as_any(expression)
    return cast("ICfnConditionExpression", token)
