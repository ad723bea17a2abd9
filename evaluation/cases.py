"""The number that a `when` looks at: another figure, last year's value, a column of units.csv.

Here belongs how `of` finds its number; what follows from the condition is decided by cases and vetoes.
"""

from collections.abc import Callable

from evaluation.block import Block, Reading
from evaluation.numbers import is_percent
from evaluation.plan import Node


def case_number(block: Block, of: str) -> tuple[Reading, Callable[[Node], bool]]:
    """The number, and whether what it is compared with is in %."""
    if of == "previous":
        return block.previous(), lambda node: node.in_percent
    other = block.inputs.plan.node(of)
    if other is not None:
        here = Block(block.inputs, [other], block.cells)
        here.doubts = block.doubts
        return here.own_figure(), lambda _: other.in_percent
    if of in block.inputs.units.units.columns:
        return block.columns([block.inputs.unit_column(of)]), lambda _: False
    figure = next((one for one in block.inputs.rulebook.figures() if one.code == of), None)
    if figure is None:
        raise KeyError(of)
    reader = block.inputs.plan.node(figure.places[0].item.code)
    assert reader is not None
    return block.columns([block.inputs.figure(reader)]), lambda _: is_percent(figure.unit_of_measure)
