"""Metric math, as far as alarms here use it: arithmetic, comparisons, AND, OR, IF, FILL, MIN, MAX, ABS.

CloudWatch user guide, "Using math expressions with CloudWatch metrics". A period in which a metric has no data has no result,
unless FILL gives it a value; a division by zero has none either.
"""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Mapping

from govml.errors import UserError

Values = Mapping[str, float | None]
_ARITHMETIC: dict[type[ast.AST], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}
_COMPARISONS: dict[type[ast.AST], Callable[[float, float], bool]] = {
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}
_REDUCE: dict[str, Callable[[list[float]], float]] = {"MIN": min, "MAX": max, "ABS": lambda given: abs(given[0])}
_BAND = re.compile(r"ANOMALY_DETECTION_BAND\((\w+)(?:,\s*([\d.]+))?\)")


def band_of(expression: str) -> tuple[str, float] | None:
    """Return the query that an expression draws a band around, and its width in standard deviations; None for no band."""
    found = _BAND.fullmatch(expression.strip())
    return (found[1], float(found[2] or 2)) if found else None


def evaluate(expression: str, values: Values) -> float | None:
    """Return the value of an expression in one period; None where it has none.

    Args:
        expression: metric math.
        values: of the other queries, by their names.

    Raises:
        UserError: it uses what is not known here.
    """
    text = re.sub(r"\bAND\b|&&", " and ", re.sub(r"\bOR\b|\|\|", " or ", expression)).replace("^", "**")
    try:
        return _value(ast.parse(text, mode="eval").body, values)
    except ZeroDivisionError:
        return None
    except (SyntaxError, KeyError, TypeError) as error:
        raise UserError(
            f"the expression `{expression}` of an alarm cannot be judged here",
            hint="use the functions that govml/local/alarms/expression.py knows, or teach it the new one",
        ) from error


def _value(node: ast.expr, values: Values) -> float | None:
    if isinstance(node, (ast.Constant, ast.Name)):
        return values[node.id] if isinstance(node, ast.Name) else float(node.value)  # type: ignore[arg-type]
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return _joined([node.operand], values, lambda one: -one[0])
    if isinstance(node, ast.BinOp):
        return _joined([node.left, node.right], values, lambda both: _ARITHMETIC[type(node.op)](*both))
    if isinstance(node, ast.Compare):
        compare = _COMPARISONS[type(node.ops[0])]
        return _joined([node.left, *node.comparators], values, lambda both: float(compare(*both)))
    if isinstance(node, ast.BoolOp):
        choose = all if isinstance(node.op, ast.And) else any
        return _joined(node.values, values, lambda each: float(choose(each)))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        return _called(node.func.id, node.args, values)
    raise TypeError(ast.dump(node))


def _joined(nodes: list[ast.expr], values: Values, join: Callable[[list[float]], float]) -> float | None:
    found = [_value(each, values) for each in nodes]
    known = [each for each in found if each is not None]
    return join(known) if len(known) == len(found) else None


def _called(name: str, arguments: list[ast.expr], values: Values) -> float | None:
    if name == "IF":
        condition, yes, no = arguments
        chosen = _value(condition, values)
        return None if chosen is None else _value(yes if chosen else no, values)
    if name == "FILL":
        metric, instead = arguments
        found = _value(metric, values)
        return _value(instead, values) if found is None else found
    return _joined(arguments, values, _REDUCE[name])
