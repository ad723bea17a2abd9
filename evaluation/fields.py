"""The kinds of value that keys of a rulebook take, as pydantic types.

Here belongs how one value is read and refused; which keys exist is said by the models that use these.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    PlainValidator,
    Tag,
    WithJsonSchema,
)

from evaluation.numbers import Amount, Operand, read_amount, read_number, read_operand

_CODE = re.compile(r"[a-z0-9_-]+")
_ANY_CODE = re.compile(r"[A-Z0-9_-]+|[a-z0-9_-]+")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_WHOLE = re.compile(r"0|[1-9][0-9]{0,8}")
_NUMBER_PATTERN = r"^[+-]?(0|[1-9][0-9]*)(\.[0-9]+)?(%|/[1-9][0-9]*)?$"

NUMBER_SCHEMA: dict[str, Any] = {"anyOf": [{"type": "number"}, {"type": "string", "pattern": _NUMBER_PATTERN}]}


class Model(BaseModel):
    """Frozen, and unknown keys are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def _text(value: object) -> str:
    """Whole numbers are admitted so that models can be built in code; a float is not, being inexact."""
    if isinstance(value, bool) or not isinstance(value, str | int | Fraction):
        raise ValueError("应为一个值，不是列表或映射" if isinstance(value, list | Mapping) else "应为文字")
    return str(value)


def _from_text(read: Callable[[str], Any], kind: type[Any]) -> Callable[[object], Any]:
    return lambda value: value if isinstance(value, kind) and not isinstance(value, str) else read(_text(value))


def _read_code(text: str) -> str:
    if not _CODE.fullmatch(text):
        raise ValueError("代码只用小写字母、数字、下划线和连字符")
    return text


def _read_any_code(text: str) -> str:
    if not _ANY_CODE.fullmatch(text):
        raise ValueError("代码只用字母(单位大写，其余小写)、数字、下划线和连字符")
    return text


def _read_name(text: str) -> str:
    if not text.strip():
        raise ValueError("不能为空")
    return text


def _read_date(text: str) -> date:
    if not _DATE.fullmatch(text):
        raise ValueError("日期写成 2025-01-31")
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError("没有这一天；日期写成 2025-01-31") from None


def _read_whole(text: str) -> int:
    if not _WHOLE.fullmatch(text):
        raise ValueError("应为不小于 0 的整数")
    return int(text)


def _read_flag(value: object) -> bool:
    if isinstance(value, bool):
        return value
    if value not in ("true", "false"):
        raise ValueError("写 true 或 false")
    return value == "true"


def _read_plain_operand(text: str) -> Operand:
    return Operand(value=read_number(text), percent=text.endswith("%"))


def _read_weight(text: str) -> Fraction | str:
    """A number, or a column of units.csv."""
    return read_number(text) if text[:1] in "+-.0123456789" else _read_name(text)


def _given(value: object) -> str:
    return "<by unit>" if isinstance(value, Mapping) else "<one>"


Code = Annotated[
    str,
    PlainValidator(lambda value: _read_code(_text(value))),
    WithJsonSchema({"type": "string", "pattern": "^[a-z0-9_-]+$"}),
]
AnyCode = Annotated[
    str,
    PlainValidator(lambda value: _read_any_code(_text(value))),
    WithJsonSchema({"type": "string", "pattern": "^([A-Z0-9_-]+|[a-z0-9_-]+)$"}),
]
Text = Annotated[
    str,
    PlainValidator(lambda value: _read_name(_text(value))),
    WithJsonSchema({"type": ["string", "number"]}),
]
Flag = Annotated[bool, BeforeValidator(_read_flag)]
Whole = Annotated[int, PlainValidator(_from_text(_read_whole, int)), WithJsonSchema({"type": "integer", "minimum": 0})]
Day = Annotated[
    date, PlainValidator(_from_text(_read_date, date)), WithJsonSchema({"type": "string", "format": "date"})
]
Number = Annotated[Fraction, PlainValidator(_from_text(read_number, Fraction)), WithJsonSchema(NUMBER_SCHEMA)]
Points = Annotated[Amount, PlainValidator(_from_text(read_amount, Amount)), WithJsonSchema(NUMBER_SCHEMA)]
Compared = Annotated[
    Operand,
    PlainValidator(_from_text(read_operand, Operand)),
    WithJsonSchema(
        {
            "anyOf": [
                *NUMBER_SCHEMA["anyOf"],
                {"enum": ["target", "stretch", "previous", "mean", "min", "max", "best", "worst"]},
            ]
        }
    ),
]
PlainOperand = Annotated[
    Operand, PlainValidator(_from_text(_read_plain_operand, Operand)), WithJsonSchema(NUMBER_SCHEMA)
]
PointsOrNone = Annotated[
    Amount | Literal["none"],
    PlainValidator(lambda value: "none" if value == "none" else _from_text(read_amount, Amount)(value)),
    WithJsonSchema({"anyOf": [*NUMBER_SCHEMA["anyOf"], {"const": "none"}]}),
]

NumberOrNone = Annotated[
    Fraction | Literal["none"],
    PlainValidator(lambda value: "none" if value == "none" else _from_text(read_number, Fraction)(value)),
    WithJsonSchema({"anyOf": [*NUMBER_SCHEMA["anyOf"], {"const": "none"}]}),
]
Weight = Annotated[
    Fraction | str,
    PlainValidator(_from_text(_read_weight, Fraction)),
    WithJsonSchema({"anyOf": [*NUMBER_SCHEMA["anyOf"], {"type": "string"}]}),
]

# One value for everybody, or by code of group or unit.
Numbers: TypeAlias = Annotated[
    Annotated[Number, Tag("<one>")] | Annotated[dict[AnyCode, Number], Tag("<by unit>")],
    Discriminator(_given),
]
Wholes: TypeAlias = Annotated[
    Annotated[Whole, Tag("<one>")] | Annotated[dict[AnyCode, Whole], Tag("<by unit>")], Discriminator(_given)
]
Amounts: TypeAlias = Annotated[
    Annotated[Points, Tag("<one>")] | Annotated[dict[AnyCode, Points], Tag("<by unit>")],
    Discriminator(_given),
]
NumbersOrNone: TypeAlias = Annotated[
    Annotated[NumberOrNone, Tag("<one>")] | Annotated[dict[AnyCode, NumberOrNone], Tag("<by unit>")],
    Discriminator(_given),
]
AmountsOrNone: TypeAlias = Annotated[
    Annotated[PointsOrNone, Tag("<one>")] | Annotated[dict[AnyCode, PointsOrNone], Tag("<by unit>")],
    Discriminator(_given),
]
Operands: TypeAlias = Annotated[
    Annotated[Compared, Tag("<one>")] | Annotated[dict[AnyCode, Compared], Tag("<by unit>")],
    Discriminator(_given),
]
PlainOperands: TypeAlias = Annotated[
    Annotated[PlainOperand, Tag("<one>")] | Annotated[dict[AnyCode, PlainOperand], Tag("<by unit>")],
    Discriminator(_given),
]
