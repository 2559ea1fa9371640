"""Plain data and JSON texts in which CloudFormation fills in what CDK would have joined of tokens."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any

from aws_cdk import Fn

from govml_constructs.place import pseudo_parameters

_PSEUDO_PARAMETERS = ("AWS::Partition", "AWS::Region", "AWS::AccountId")
_TOKEN = re.compile(r"\$\{Token\[[^\]]*\]\}")
_OF_ANOTHER_KIND = re.compile(r"#\{Token\[|e\+289")


def as_substitutions(value: Any) -> Any:
    """Return plain data in which a text with pseudo parameters is a `Fn::Sub`, not a list for CDK to join.

    Whoever reads the template reads `arn:${AWS::Partition}:kms:${AWS::Region}:...`, and CDK has no tokens to look for.
    A text that holds another token as well, or a policy variable as `${aws:PrincipalTag/team}`, is left to CDK.

    Args:
        value: JSON data, such as a policy document.
    """
    if isinstance(value, str):
        return _substitution(value) if "${Token[" in value else value
    if isinstance(value, dict):
        return {key: as_substitutions(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [as_substitutions(each) for each in value]
    return value


def _substitution(text: str) -> str | dict[str, str]:
    names = _names()
    if text in names:
        return {"Ref": names[text]}
    rest, spelled = text, text
    for token, name in names.items():
        rest, spelled = rest.replace(token, ""), spelled.replace(token, f"${{{name}}}")
    return text if "${" in rest else {"Fn::Sub": spelled}


@cache
def _names() -> dict[str, str]:
    return dict(zip(pseudo_parameters(), _PSEUDO_PARAMETERS, strict=True))


def as_json_text(data: Any) -> str:
    """Return data as JSON in one text, with a variable wherever only CloudFormation knows a part of it.

    Takes the place of `Stack.to_json_string`, for which CDK takes the data apart, and joins every piece between two tokens.

    Args:
        data: JSON data; its texts may hold CDK tokens.

    Returns:
        The text, or a token of a `Fn::Sub` that makes it.

    Raises:
        ValueError: a token stands for a number or a list.
    """
    text = json.dumps(data, separators=(",", ":"), ensure_ascii=False)
    if _OF_ANOTHER_KIND.search(text):
        raise ValueError("a token for a number or a list cannot be put into a text")
    tokens = _TOKEN.findall(text)
    if not tokens:
        return text
    known = _names()
    variables = {f"V{number}": token for number, token in enumerate(dict.fromkeys(tokens)) if token not in known}
    names = {**known, **{token: name for name, token in variables.items()}}
    pieces = _TOKEN.split(text)
    if any(
        "${" in piece for piece in pieces
    ):  # `${!` would spell it too, but ends at the next `}`, wherever that stands
        variables["Dollar"] = "$"
    first, *rest = (piece.replace("${", "${Dollar}{") for piece in pieces)
    body = first + "".join(f"${{{names[token]}}}{piece}" for token, piece in zip(tokens, rest, strict=True))
    return Fn.sub(body, variables or None)
