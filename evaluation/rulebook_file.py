"""From a YAML document to a rulebook: what the model refuses is told with line, key and remedy.

Here belongs the wording of faults in keys and types. What names something that does not exist is told
in `references.py`.
"""

import difflib
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from evaluation import fields, items, outcomes, rule_kinds, rulebook
from evaluation.faults import Fault
from evaluation.repair import without
from evaluation.rulebook import Rulebook
from evaluation.strict_yaml import Document, Path, Tree

_NOT_A_MAPPING = {"model_type", "model_attributes_type", "dict_type", "dataclass_type"}
_ATTEMPTS = 3
_NOT_A_LIST = {"tuple_type", "list_type"}


def read_rulebook(document: Document) -> tuple[Rulebook | None, list[Fault]]:
    """The rulebook, and what is refused in it.

    A refused rulebook comes without its faulty keys, for lint alone, or as None where too much is missing.
    """
    if not isinstance(document.tree, dict):
        return None, [Fault(document.file, 1, "", "文件应为键与值", "从 evaluation: 写起")]
    try:
        return Rulebook.model_validate(document.tree), []
    except ValidationError as error:
        refused = [details for details in error.errors(include_url=False) if not _echo(document, details)]
        return _repaired(document, refused), [_fault(document, details) for details in refused]


def _repaired(document: Document, refused: list[ErrorDetails]) -> Rulebook | None:
    tree: Tree | None = document.tree
    for _ in range(_ATTEMPTS):
        tree = without(tree, [_left_out(document, details) for details in refused]) if tree is not None else None
        try:
            return None if tree is None else Rulebook.model_validate(tree)
        except ValidationError as error:
            refused = error.errors(include_url=False)
    return None


def _left_out(document: Document, details: ErrorDetails) -> Path:
    """What has to go for the fault to go: a rule is left out whole."""
    path, _ = _written_path(document, details["loc"])
    return path[: len(path) - path[::-1].index("rule")] if "rule" in path else path


def _echo(document: Document, details: ErrorDetails) -> bool:
    """Pydantic counts a list whose elements are at fault as too short besides."""
    return details["type"] == "too_short" and bool(document.at(_written_path(document, details["loc"])[0]))


def _fault(document: Document, details: ErrorDetails) -> Fault:
    path, unwritten = _written_path(document, details["loc"])
    message, remedy = _told(details, document.at(path), unwritten)
    return Fault(document.file, document.line(path), document.key(path), message, remedy)


def _written_path(document: Document, loc: tuple[str | int, ...]) -> tuple[Path, str | int | None]:
    """The part of an error's place that is written in the file, and the key that is not, if any.

    Pydantic adds the tags of unions, here always in angle brackets.
    """
    path: Path = ()
    for step in loc:
        if document.at((*path, step)) is None:
            if isinstance(step, str) and step.startswith("<"):
                continue
            return path, step
        path = (*path, step)
    return path, None


def _told(details: ErrorDetails, written: Tree | None, unwritten: str | int | None) -> tuple[str, str]:
    kind, context = details["type"], details.get("ctx", {})
    if kind == "missing":
        absent = f"第 {unwritten + 1} 个值" if isinstance(unwritten, int) else f"键 {unwritten}"
        return f"缺少{absent}", "补上"
    if kind == "extra_forbidden":
        return f"不认识的键{_read(written)}", _nearest_key(str(details["loc"][-1]))
    if kind == "value_error":
        message, _, remedy = str(context["error"]).partition("；")
        return f"{message}{_read(written)}", remedy or "改正"
    if kind == "literal_error":
        return f"不认识的值{_read(written)}", f"写 {_list(context['expected'])} 之一"
    if kind in {"union_tag_invalid", "union_tag_not_found"}:
        return "没有这样的 kind" + _read(_kind(written)), f"写 {', '.join(sorted(_KINDS))} 之一"
    return _told_of_shape(kind, context, written)


def _told_of_shape(kind: str, context: dict[str, Any], written: Tree | None) -> tuple[str, str]:
    if kind in _NOT_A_MAPPING:
        return f"应为键与值{_read(written)}", "写成 {键: 值} 或分行写"
    if kind in _NOT_A_LIST:
        return f"应为列表{_read(written)}", "写成 [甲, 乙] 或以 - 分行写"
    if kind == "too_short":
        return "列表是空的", "至少写一项"
    if kind == "too_long":
        return f"多于 {context.get('max_length')} 个值", "删去多余的"
    if kind == "less_than_equal":
        return f"大于 {context['le']}{_read(written)}", "改小"
    if kind == "string_pattern_mismatch":
        return f"写法不对{_read(written)}", "以 expect_ 开头，小写字母和下划线"
    return f"不合要求({kind}){_read(written)}", "改正"


def _list(expected: str) -> str:
    return expected.replace(" or ", ", ").replace("'", "").replace(", ", "、")


def _kind(written: Tree | None) -> Tree | None:
    return written.get("kind", "") if isinstance(written, dict) else written


def _read(written: Tree | None) -> str:
    return f"，读到“{written}”" if isinstance(written, str) else ""


def _nearest_key(key: str) -> str:
    near = difflib.get_close_matches(key, _KEYS, n=1)
    return f"删去，或改为 {near[0]}" if near else "删去，或改用已有的键"


def _known_keys() -> Iterator[str]:
    for module in (fields, items, outcomes, rule_kinds, rulebook):
        for model in vars(module).values():
            if isinstance(model, type) and issubclass(model, BaseModel):
                yield from model.model_fields


_KEYS = sorted(set(_known_keys()))
_KINDS = (
    "proportional",
    "threshold",
    "bands",
    "per_item",
    "steps",
    "interpolate",
    "levels",
    "checklist",
    "judged",
)
