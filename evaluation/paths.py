"""Faults gathered by their way through the document, and the walk that finds what is given by code.

Here belongs what checks of a whole rulebook share; each check writes its own messages.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel

from evaluation.faults import Fault
from evaluation.numbers import Amount
from evaluation.rulebook import Path
from evaluation.strict_yaml import Document


@dataclass
class FaultList:
    document: Document
    faults: list[Fault] = field(default_factory=list)

    def add(self, path: Path, message: str, remedy: str) -> None:
        document = self.document
        self.faults.append(Fault(document.file, document.line(path), document.key(path), message, remedy))


def values_within(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every value inside a model with its way, models and tuples opened; parts are items of their own.

    Attribute names are the keys, so the ways hold for the document too.
    """
    if isinstance(value, BaseModel):
        for key in type(value).model_fields:
            if key != "parts":
                yield from values_within(getattr(value, key), (*path, key))
    elif isinstance(value, tuple):
        for index, each in enumerate(value):
            yield from values_within(each, (*path, index))
    elif isinstance(value, dict) and path and path[-1] == "levels":
        for key, each in value.items():
            yield from values_within(each, (*path, key))
    else:
        yield path, value


def given_by_code(value: Any) -> Iterator[tuple[Path, dict[str, Any]]]:
    """What is given by group or unit inside a model."""
    return ((path, each) for path, each in values_within(value) if isinstance(each, dict))


def amounts_within(value: Any) -> Iterator[Amount]:
    for _, each in values_within(value):
        if isinstance(each, Amount):
            yield each
        elif isinstance(each, dict):
            yield from (amount for amount in each.values() if isinstance(amount, Amount))
