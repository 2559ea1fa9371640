"""JSON bodies: `{"instances": [{"column": value, ...}, ...], "explain": false}`.

How deep a document may nest needs no counter: whatever is deeper than an instance's values is refused by its type, and the
parser itself gives up before the stack ends.
"""

from __future__ import annotations

import json
from typing import Any, Final, NoReturn

from govml_pipeline.data.contract import Contract
from govml_pipeline.serving.errors import RequestError

#: Violations that an answer lists at most.
SHOWN: Final = 20
#: Digits behind the point that a contract's numbers have at most.
_DECIMALS: Final = 15
_FORM: Final = 'send {"instances": [{"column": value, ...}, ...]}: a list of objects, one per row'
_KEYS: Final = frozenset({"instances", "explain"})


def json_rows(text: str, contract: Contract) -> tuple[list[dict[str, str | None]], bool]:
    """Return the rows as text, and whether they are to be explained.

    Args:
        text: the body.
        contract: contract of the training data.

    Raises:
        RequestError: not JSON, of another form, an unknown column, or a value that is neither text nor a number.
    """
    try:
        payload = json.loads(text, parse_constant=_no_constant)
    except RecursionError as error:
        raise RequestError("malformed_request", "the body nests too deeply") from error
    except ValueError as error:
        raise RequestError("malformed_request", f"the body is not JSON: {error}") from error
    _whole_characters(text, payload)
    instances = payload.get("instances") if isinstance(payload, dict) else None
    if not isinstance(instances, list) or not all(isinstance(item, dict) for item in instances):
        raise RequestError("malformed_request", _FORM)
    if not payload.keys() <= _KEYS:
        raise RequestError("malformed_request", f"beside instances a request may have explain alone: {_FORM}")
    explain = payload.get("explain", False)
    if not isinstance(explain, bool):
        raise RequestError("malformed_request", "explain is true or false")
    names, target = frozenset(contract.names), contract.target
    return [_row(position, item, contract, names, target) for position, item in enumerate(instances)], explain


def _whole_characters(text: str, payload: Any) -> None:
    """Refuse halves of surrogate pairs: JSON can escape them, and no encoding can write them."""
    if "\\ud" not in text and "\\uD" not in text:
        return
    try:
        json.dumps(payload, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise RequestError("malformed_request", "a text holds half a surrogate pair, which is no character") from error


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a JSON number")


def _row(
    position: int, item: dict[str, Any], contract: Contract, names: frozenset[str], target: str
) -> dict[str, str | None]:
    if not item.keys() <= names:
        unknown = [name for name in item if name not in names][:SHOWN]
        details = [
            {"row": position, "column": name[:100], "value": None, "reason": "unknown column"} for name in unknown
        ]
        raise RequestError(
            "contract_violation", f"unknown columns: known are {', '.join(contract.inputs.names)}", details
        )
    return {
        name: value if value is None or type(value) is str else _as_text(position, name, value)
        for name, value in item.items()
        if name != target
    }


def _as_text(position: int, column: str, value: Any) -> str:
    """Write a number as a file would hold it: no exponent, and no more digits behind the point than a contract has."""
    if isinstance(value, float):
        if value.is_integer():
            return f"{value:.0f}"
        text = repr(value)
        return f"{value:.{_DECIMALS}f}" if "e" in text or len(text.partition(".")[2]) > _DECIMALS else text
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    reason = f"{type(value).__name__} instead of text or a number"
    detail = {"row": position, "column": column, "value": None, "reason": reason}
    raise RequestError("contract_violation", "a value is neither text nor a number", [detail])
