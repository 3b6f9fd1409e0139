"""One arithmetic expression, two readings: Python's number and the workbook's formula. Owns both.

An expression is Excel arithmetic on named values in braces, for example
`{amount:f1}-{amount:f2}*{assumption:fx-EUR-2024}`. Operators + - * / and parentheses;
functions MIN, MAX, ABS, SQRT, EXP, LN.
"""

from __future__ import annotations

import ast
import functools
import math
import operator
import re
from collections.abc import Callable, Mapping

NAMED = re.compile(r"\{([^{}]+)\}")

_OPERATORS: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
_FUNCTIONS: dict[str, Callable[..., float]] = {
    "MIN": min,
    "MAX": max,
    "ABS": abs,
    "SQRT": math.sqrt,
    "EXP": math.exp,
    "LN": math.log,
}


def names(expression: str) -> list[str]:
    """Give the named values of an expression, in the order they first stand."""
    return list(dict.fromkeys(NAMED.findall(expression)))


def evaluate(expression: str, values: Mapping[str, float]) -> float:
    """Give the number of an expression; `values` maps each name in braces to its number.

    Raises KeyError for a name without a value and ValueError for anything that is not arithmetic.
    """
    order = names(expression)
    places = {name: f"v{number}" for number, name in enumerate(order)}
    text = NAMED.sub(lambda match: places[match[1]], expression)
    numbers = {places[name]: float(values[name]) for name in order}
    return _number(_parsed(text), numbers)


@functools.lru_cache(maxsize=4096)
def _parsed(text: str) -> ast.expr:
    """Give the tree of an expression whose values are numbered: thousands of claims share a few shapes."""
    return ast.parse(text, mode="eval").body


def formula(expression: str, cells: Mapping[str, str]) -> str:
    """Give the expression as an Excel formula (with the leading =); `cells` maps names to addresses."""
    return "=" + NAMED.sub(lambda match: cells[match[1]], expression)


def _number(node: ast.expr, values: Mapping[str, float]) -> float:
    match node:
        case ast.Constant(value=int() | float() as value):
            return float(value)
        case ast.Name(id=name):
            return values[name]
        case ast.UnaryOp(op=ast.USub(), operand=inner):
            return -_number(inner, values)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATORS:
            return _OPERATORS[type(op)](_number(left, values), _number(right, values))
        case ast.Call(func=ast.Name(id=name), args=args) if name in _FUNCTIONS:
            return _FUNCTIONS[name](*(_number(arg, values) for arg in args))
    raise ValueError(f"not arithmetic: {ast.dump(node)}")
