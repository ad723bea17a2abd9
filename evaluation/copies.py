"""Copies of all units side by side, one for each world, and of the rows that speak of them.

Here belongs copying; what differs between worlds is put into the rows in `worlds.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from evaluation.arithmetic import Positions
from evaluation.plan import Plan
from evaluation.targets import TargetTable
from evaluation.texts import positions
from evaluation.unit_classes import UnitClasses


@dataclass(frozen=True, eq=False)
class Copies(UnitClasses):
    """The units of several worlds, `size` of them in each; every world has groups and kinds of its own."""

    size: int = 1

    def compared(self, within: str) -> Positions:
        """Whoever is compared with all is compared with all of the own world."""
        return np.arange(len(self)) // self.size if within == "all" else super().compared(within)


@dataclass(frozen=True)
class Copied:
    """What `Inputs` reads of a definition, for the units of several worlds."""

    plan: Plan
    target_table: TargetTable


def copies_of(units: UnitClasses, count: int) -> Copies:
    """`count` worlds of the same units, in which the same classes hold."""
    size = len(units)
    world = np.repeat(np.arange(count), size)
    codes = [f"{number}:{code}" for number in range(count) for code in units.codes.to_pylist()]
    frame = units.units.take(np.tile(np.arange(size), count))
    return Copies(
        units=frame.assign(unit_code=pd.array(codes, dtype="str")).reset_index(drop=True),
        groups=units.groups * count,
        kinds=units.kinds * count,
        classes=units.classes,
        class_of=np.tile(units.class_of, count),
        group_of=np.tile(units.group_of, count) + world * len(units.groups),
        kind_of=np.tile(units.kind_of, count) + world * len(units.kinds),
        _made=units._made,  # what is made once is made by class, and classes are the same
        size=size,
    )


def repeated(frame: pd.DataFrame, count: int) -> tuple[pd.DataFrame, Positions]:
    """The frame once for each world, and the world of each row."""
    world = np.repeat(np.arange(count), len(frame))
    return frame.take(np.tile(np.arange(len(frame)), count)), world


def in_worlds(frame: pd.DataFrame, world: Positions, units: UnitClasses, copies: Copies) -> pd.DataFrame:
    """The frame, whose rows speak of `units`, about the copies of these in each row's world."""
    unit = positions(frame["unit_code"], units.codes)
    codes = copies.codes.take(pa.array(unit + world * copies.size, mask=unit < 0))
    found = frame.assign(unit_code=pd.array(codes, dtype="str"))
    return found.assign(document=_apart(found["document"], world)) if "document" in found else found


def _apart(documents: pd.Series, world: Positions) -> Any:
    """A document of one world is shared with nobody in another."""
    named = [
        f"{number}:{text}" if isinstance(text, str) else None for number, text in zip(world, documents, strict=True)
    ]
    return pd.array(named, dtype="str")
