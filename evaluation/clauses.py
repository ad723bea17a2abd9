"""Two rulebooks compared clause by clause, and the rulebooks on the way from one to the other.

Here belongs what a clause is and how one takes another's place. What that does to scores is computed elsewhere.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from evaluation.strict_yaml import Document, Tree

# What people read and nothing is computed from.
DESCRIPTIVE = {"title", "name", "reference", "text", "note", "summary", "amendments"}
# Lists whose elements are clauses of their own, and the key under which a section or block holds its items.
ITEMS = {"sections": "indicators", "bonuses": "items", "penalties": "items"}
WORDS = {
    "evaluation": "考核编码",
    "cycle": "考核年度",
    "previous": "上年考核",
    "scoring": "小数与四舍五入",
    "ranking": "排名办法",
    "departments": "数据来源部门",
    "groups": "分组",
    "expectations": "核查要求",
    "grades": "等次",
    "awards": "奖项",
    "officials": "党政领导",
    "calendar": "时限",
    "bonuses": "加分上限",
    "penalties": "扣分上限",
}

Key = tuple[str, ...]


@dataclass(frozen=True)
class Change:
    """A clause that differs: `new` is None where it was struck out, `old` where it is added."""

    key: Key
    old: Tree | None
    new: Tree | None

    @property
    def told(self) -> str:
        """新增第三条第(一)项 发明专利授权量"""
        what = "新增" if self.old is None else "删去" if self.new is None else "修改"
        written = self.new if self.new is not None else self.old
        if len(self.key) == 1:
            return f"{what}{WORDS.get(self.key[0], self.key[0])}"
        texts = written if isinstance(written, dict) else {}
        reference, name = str(texts.get("reference", "")), str(texts.get("name", self.key[-1]))
        return f"{what}{f'{reference} ' if reference else ''}{name}{'（板块）' if self._is_section else ''}"

    @property
    def _is_section(self) -> bool:
        return self.key[0] == "sections" and len(self.key) == 2


def changes_between(old: Tree, new: Tree) -> list[Change]:
    """Clauses that differ in what is computed from them: as the new rulebook has them, then what it struck out."""
    before, after = dict(_clauses(old)), dict(_clauses(new))
    kept = [Change(key, before.get(key), clause) for key, clause in after.items()]
    gone = [Change(key, clause, None) for key, clause in reversed(before.items()) if key not in after]
    return [change for change in (*kept, *gone) if _substance(change.old) != _substance(change.new)]


def with_change(document: Document, change: Change) -> Document:
    """The document in which the clause stands as the change has it; lines are no longer known."""
    assert isinstance(document.tree, dict)
    return replace(document, tree=_with(document.tree, change.key, change.new), lines={})


def _clauses(tree: Tree) -> Iterator[tuple[Key, Tree]]:
    """Every clause with its key: a section before its items."""
    assert isinstance(tree, dict)
    for name, node in tree.items():
        if name == "sections" and isinstance(node, list):
            for section in node:
                yield from _block((name, _code(section)), section, ITEMS[name])
        elif name in ITEMS:
            yield from _block((name,), node, ITEMS[name])
        elif name == "vetoes" and isinstance(node, list):
            yield from (((name, _code(veto)), veto) for veto in node)
        elif name not in DESCRIPTIVE:
            yield (name,), node


def _block(key: Key, node: Tree, items: str) -> Iterator[tuple[Key, Tree]]:
    assert isinstance(node, dict)
    yield key, {name: value for name, value in node.items() if name != items}
    held = node.get(items, [])
    for item in held if isinstance(held, list) else []:
        yield (*key, _code(item)), item


def _code(node: Tree) -> str:
    assert isinstance(node, dict)
    return str(node["code"])


def _substance(tree: Tree | None) -> Tree | None:
    if isinstance(tree, dict):
        return {name: _substance(node) or "" for name, node in tree.items() if name not in DESCRIPTIVE}
    return [_substance(node) or "" for node in tree] if isinstance(tree, list) else tree


def _with(tree: Mapping[str, Tree], key: Key, new: Tree | None) -> dict[str, Tree]:
    """The mapping with the clause of that key replaced, added at the end, or taken out."""
    name, *inside = key
    if not inside:
        items = ITEMS.get(name)
        held = tree.get(name)
        if items and isinstance(held, dict) and items in held and isinstance(new, dict):
            new = {**new, items: held[items]}
        return _put(tree, name, new)
    if name in ITEMS and name != "sections":
        block = tree.get(name, {})
        assert isinstance(block, dict)
        return {**tree, name: {**block, ITEMS[name]: _listed(block.get(ITEMS[name], []), inside, new, "")}}
    return {**tree, name: _listed(tree.get(name, []), inside, new, ITEMS.get(name, ""))}


def _put(tree: Mapping[str, Tree], name: str, new: Tree | None) -> dict[str, Tree]:
    rest = {key: node for key, node in tree.items() if key != name or new is not None}
    return rest if new is None else {**rest, name: new}


def _listed(held: Tree, key: list[str], new: Tree | None, items: str) -> list[Tree]:
    """A list in which the element of that code, or the item of that code within it, is replaced."""
    assert isinstance(held, list)
    code, *inside = key
    found: list[Tree] = []
    for node in held:
        assert isinstance(node, dict)
        if _code(node) != code:
            found.append(node)
        elif inside:
            found.append({**node, items: _listed(node.get(items, []), inside, new, "")})
        elif isinstance(new, dict):
            found.append({**new, items: node[items]} if items in node else new)
    known = any(_code(node) == code for node in held)
    if not known and not inside and isinstance(new, dict):
        found.append({**new, items: []} if items else new)
    return found
