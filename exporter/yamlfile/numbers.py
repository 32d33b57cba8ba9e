"""Numbers of a file, which come as text: digits as everybody writes them, and nothing else.

Python's own reading is wider: `68_861`, `+68861` and `68861.0` are whole numbers to it, and two
projects of one id would look like two ids.
"""

import re
from typing import Annotated

from pydantic import BeforeValidator

_WHOLE = re.compile(r"0|[1-9][0-9]*", re.ASCII)
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?", re.ASCII)
_MOST_DIGITS = 18


def _digits(pattern: re.Pattern[str], value: object, what: str) -> str:
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise ValueError(f"must be a {what}, in digits alone")
    if len(value) > _MOST_DIGITS:
        raise ValueError(f"is over {_MOST_DIGITS} digits long")
    return value


def _whole(value: object) -> int:
    return int(_digits(_WHOLE, value, "whole number"))


def _number(value: object) -> float:
    return float(_digits(_NUMBER, value, "number"))


WholeNumber = Annotated[int, BeforeValidator(_whole)]
Number = Annotated[float, BeforeValidator(_number)]
