"""A refused rulebook with its faulty keys left out, so that one look finds the other faults too.

Here belongs only what lint may still be told about; a repaired rulebook is never used for scoring.
"""

from collections.abc import Iterable

from evaluation.strict_yaml import Path, Tree

# A rule that nothing is said about; without one an item could not be read at all.
_NEUTRAL_RULE: Tree = {"kind": "proportional"}
# Left out, these would make other sums and names look wrong.
_CARRYING = frozenset({"points", "code", "indicators", "items", "parts", "sections", "groups", "departments"})


def without(tree: Tree, faulty: Iterable[Path]) -> Tree | None:
    """A copy of the tree without the keys at fault; None where leaving one out would mislead."""
    keys = {_key_of(path) for path in faulty}
    if any(not path or path[-1] in _CARRYING for path in keys):
        return None
    return _copy(tree, (), keys)


def _key_of(path: Path) -> Path:
    """The way to the nearest key: elements of a list are not left out one by one, or others would move."""
    while path and isinstance(path[-1], int):
        path = path[:-1]
    return path


def _copy(tree: Tree, path: Path, left_out: set[Path]) -> Tree:
    if isinstance(tree, dict):
        copied: dict[str, Tree] = {}
        for key, value in tree.items():
            here = (*path, key)
            if here not in left_out:
                copied[key] = _copy(value, here, left_out)
            elif key == "rule":
                copied[key] = _NEUTRAL_RULE
        return copied
    if isinstance(tree, list):
        return [_copy(value, (*path, index), left_out) for index, value in enumerate(tree)]
    return tree
