"""A draft rulebook put in the place of the one in force: read, fitted to the data, and the rulebooks on the way to it.

Here belongs which definitions are compared. What they do to scores stands in `rulebook_preview.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from evaluation.clauses import Change, changes_between, with_change
from evaluation.definition import RULEBOOK, Definition
from evaluation.faults import Fault, InvalidRulebook
from evaluation.references import reference_faults
from evaluation.rulebook import Rulebook
from evaluation.rulebook_file import read_rulebook
from evaluation.strict_yaml import Document, Tree, read_yaml
from evaluation.table_checks import units_faults

# What says of which year a rulebook is; taken from the data where the draft is of another.
OF_THE_YEAR = ("evaluation", "cycle", "previous", "calendar")


def draft_definition(path: Path, in_force: Definition) -> Definition:
    """The draft with the units, targets and officials in force, for the year of the data.

    Raises:
        InvalidRulebook: it cannot be read, or does not know the groups of the units.
    """
    document, faults = read_yaml(path.read_bytes(), RULEBOOK)
    if faults or not document.complete:
        raise InvalidRulebook(faults)
    rulebook, faults = read_rulebook(document)
    if faults or rulebook is None:
        raise InvalidRulebook(faults)
    years = rulebook.cycle.year - in_force.rulebook.cycle.year
    made, faults = _fitted(_of_the_year(document, in_force.document, years) if years else document, in_force)
    if made is None:
        raise InvalidRulebook(faults)
    return made


def on_the_way(draft: Definition, in_force: Definition) -> Iterator[tuple[list[Change], Definition]]:
    """What changes, clause after clause, and the definition after each; the last is the draft.

    Clauses that only make sense together (a code that moves) come together.
    """
    document, waiting = in_force.document, []
    changes = changes_between(in_force.document.tree, draft.document.tree)
    for change in changes:
        document = with_change(document, change)
        waiting.append(change)
        made = draft if change is changes[-1] else _fitted(document, in_force)[0]
        if made is not None:
            yield waiting, made
            waiting = []


def _of_the_year(draft: Document, in_force: Document, years: int) -> Document:
    """The draft as though it had been written for the year of the data."""
    assert isinstance(draft.tree, dict)
    assert isinstance(in_force.tree, dict)
    rules = {name: _shifted(node, years) for name, node in draft.tree.items() if name not in OF_THE_YEAR}
    dated = {name: in_force.tree[name] for name in OF_THE_YEAR if name in in_force.tree}
    return replace(draft, tree={**dated, **rules})


def _shifted(tree: Tree, years: int) -> Tree:
    if isinstance(tree, dict):
        return {
            name: str(int(node) - years)
            if name == "data_year" and isinstance(node, str) and node.isdigit()
            else _shifted(node, years)
            for name, node in tree.items()
        }
    return [_shifted(node, years) for node in tree] if isinstance(tree, list) else tree


def _fitted(document: Document, in_force: Definition) -> tuple[Definition | None, list[Fault]]:
    """The definition of that rulebook without targets and posts that it does not know; None where it has faults."""
    rulebook, faults = read_rulebook(document)
    if rulebook is None or faults:
        return None, faults
    faults = [
        *reference_faults(rulebook, document, in_force.units),
        *units_faults(replace(in_force.tables["units.csv"], frame=in_force.units), rulebook),
    ]
    return (None, faults) if faults else (_with_rulebook(in_force, rulebook, document), [])


def _with_rulebook(in_force: Definition, rulebook: Rulebook, document: Document) -> Definition:
    items = {place.item.code for place in rulebook.places()}
    roles = rulebook.officials.roles
    officials = in_force.officials
    return replace(
        in_force,
        rulebook=rulebook,
        document=document,
        targets=in_force.targets[in_force.targets["indicator_code"].isin(items)].reset_index(drop=True),
        officials=officials[officials["role"].isin(roles)].reset_index(drop=True) if roles else officials,
    )
