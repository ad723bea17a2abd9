"""YAML of which nothing is guessed: mappings, lists and texts, each with its line.

Here belongs the refusal of everything that reads differently from how it looks, whatever the document is
about. Scalars stay text, so numbers are exact. What keys mean is said by the models.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import yaml
from yaml import events

from evaluation.faults import Fault
from evaluation.yaml_texts import UNSEEN_LINE_BREAKS, key_surprise, syntax_fault, text_faults, value_surprise

LARGEST_FILE = 4_000_000
DEEPEST = 40
MOST_NODES = 400_000
LONGEST_TEXT = 20_000

Tree: TypeAlias = str | list["Tree"] | dict[str, "Tree"]
Path: TypeAlias = tuple[str | int, ...]

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _LimitError(Exception):
    """Reading on would cost more than any rulebook is worth."""


@dataclass(frozen=True)
class Document:
    """A tree of texts, and the line on which each of its nodes starts (a value of a mapping: its key).

    `complete` is False where reading stopped before the end.
    """

    file: str
    tree: Tree
    lines: dict[Path, int]
    complete: bool = True

    def line(self, path: Path) -> int | None:
        """The line of the node or, where it is not written, of what would hold it."""
        while path not in self.lines and path:
            path = path[:-1]
        return self.lines.get(path)

    def key(self, path: Path) -> str:
        """The way to a node in words: list elements go by their code, or by number from 1."""
        words = ""
        node: Tree | None = self.tree
        for step in path:
            node = _child(node, step)
            code = node.get("code") if isinstance(step, int) and isinstance(node, dict) else None
            if isinstance(step, int) and not isinstance(code, str):
                words += f"[{step + 1}]"
            else:
                words += f"{'.' if words else ''}{code if isinstance(step, int) else step}"
        return words

    def at(self, path: Path) -> Tree | None:
        """What is written there; None where nothing is."""
        node: Tree | None = self.tree
        for step in path:
            node = _child(node, step)
        return node


def _line(mark: Any) -> int:
    """Lines from 1; parsers always set the mark of an event."""
    return int(mark.line) + 1


def _child(node: Tree | None, step: str | int) -> Tree | None:
    if isinstance(node, dict) and isinstance(step, str):
        return node.get(step)
    if isinstance(node, list) and isinstance(step, int) and 0 <= step < len(node):
        return node[step]
    return None


@dataclass
class _Frame:
    """A collection being read; `key` is the key that waits for its value."""

    node: list[Tree] | dict[str, Tree]
    path: Path
    key: str | None = None
    repeated: bool = False

    def next_path(self) -> Path:
        return (*self.path, len(self.node) if isinstance(self.node, list) else self.key or "")


@dataclass
class _Reader:
    file: str
    faults: list[Fault] = field(default_factory=list)
    lines: dict[Path, int] = field(default_factory=dict)
    stack: list[_Frame] = field(default_factory=list)
    root: Tree | None = None
    nodes: int = 0
    complete: bool = True
    written_texts: list[tuple[int, int]] = field(default_factory=list)

    def refuse(self, line: int, message: str, remedy: str) -> None:
        path = self.stack[-1].next_path() if self.stack else ()
        key = Document(self.file, self.root or {}, {}).key(path)
        self.faults.append(Fault(self.file, line, key, message, remedy))

    def read(self, stream: Iterable[events.Event]) -> None:
        for event in stream:
            if isinstance(event, events.DocumentStartEvent):
                self._start_document(event)
            elif isinstance(event, events.NodeEvent):
                self._node(event)
            elif isinstance(event, events.CollectionEndEvent):
                self._end_collection(event)

    def _start_document(self, event: events.DocumentStartEvent) -> None:
        line = _line(event.start_mark)
        if event.version or event.tags:
            self.refuse(line, "文件开头有 % 指令", "删去以 % 开头的行")
        if self.root is not None:
            self.refuse(line, "一个文件里有几份 YAML 文档(---)", "只留一份，其余另存")
            raise _LimitError

    def _node(self, event: events.NodeEvent) -> None:
        line = _line(event.start_mark)
        self.nodes += 1
        if self.nodes > MOST_NODES:
            self.refuse(line, f"内容过多，超过 {MOST_NODES} 个值", "拆分或删减")
            raise _LimitError
        if isinstance(event, events.AliasEvent):
            self.refuse(line, f"用了别名 *{event.anchor}", "把被引用的内容写全，不用 & 和 *")
            self._attach("", line)
            return
        if event.anchor:
            self.refuse(line, f"用了锚点 &{event.anchor}", "删去 & 及其名称")
        if getattr(event, "tag", None):
            self.refuse(line, f"用了类型标签 {event.tag}", "删去以 ! 开头的标签")  # type: ignore[attr-defined]
        if isinstance(event, events.ScalarEvent):
            self._scalar(event, line)
        else:
            self._start_collection(event, line)

    def _scalar(self, event: events.ScalarEvent, line: int) -> None:
        text, plain = event.value, not event.style
        self.written_texts.append((line, _line(event.end_mark)))
        frame = self.stack[-1] if self.stack else None
        if frame is not None and isinstance(frame.node, dict) and frame.key is None:
            self._key(frame, text, plain, line)
            return
        if len(text) > LONGEST_TEXT:
            self.refuse(line, f"一个值超过 {LONGEST_TEXT} 个字符", "删减")
        elif surprise := value_surprise(text, plain):
            self.refuse(line, *surprise)
        self._attach(text, line)

    def _key(self, frame: _Frame, text: str, plain: bool, line: int) -> None:
        frame.key = text
        frame.repeated = isinstance(frame.node, dict) and text in frame.node
        if surprise := key_surprise(text, plain):
            self.refuse(line, *surprise)
        if frame.repeated:
            first = self.lines[frame.next_path()]
            self.refuse(line, f"键 {text} 重复，第 {first} 行已有", "只留一个")
        self.lines.setdefault(frame.next_path(), line)

    def _start_collection(self, event: events.NodeEvent, line: int) -> None:
        if len(self.stack) >= DEEPEST:
            self.refuse(line, f"嵌套超过 {DEEPEST} 层", "减少层次")
            raise _LimitError
        node: list[Tree] | dict[str, Tree] = [] if isinstance(event, events.SequenceStartEvent) else {}
        frame = self.stack[-1] if self.stack else None
        if frame is not None and isinstance(frame.node, dict) and frame.key is None:
            self.refuse(line, "列表或映射不能作键", "键只写一个代码")
            frame.key = f"?{line}"
        path = frame.next_path() if frame is not None else ()
        self._attach(node, line)
        self.stack.append(_Frame(node, path))

    def _attach(self, node: Tree, line: int) -> None:
        if not self.stack:
            self.root = node
            self.lines[()] = line
            return
        frame = self.stack[-1]
        self.lines.setdefault(frame.next_path(), line)
        if isinstance(frame.node, list):
            frame.node.append(node)
            return
        if not frame.repeated and frame.key is not None:
            frame.node[frame.key] = node
        frame.key, frame.repeated = None, False

    def _end_collection(self, event: events.CollectionEndEvent) -> None:
        self.stack.pop()


def read_yaml(content: bytes, file: str) -> tuple[Document, list[Fault]]:
    """The document, as far as it could be read, and every fault found in it.

    >>> document, faults = read_yaml(b"points: 010\\npoints: 1.50\\n", "rulebook.yaml")
    >>> [fault.line for fault in faults]
    [1, 2]
    """
    if len(content) > LARGEST_FILE:
        fault = Fault(file, None, "", f"文件有 {len(content)} 字节，超过 {LARGEST_FILE}", "拆分或删减")
        return Document(file, {}, {}, complete=False), [fault]
    text, undecodable = _decoded(content, file)
    if text is None:
        return Document(file, {}, {}, complete=False), undecodable
    reader = _Reader(file)
    broken = _read_all(reader, text)
    seen = text_faults(file, text, reader.written_texts)
    tree = reader.root if reader.root is not None else {}
    document = Document(file, tree, reader.lines, reader.complete and reader.root is not None)
    # A look-alike colon breaks the syntax of its own line: one of the two messages is enough.
    lines_seen = {fault.line for fault in seen}
    broken = [fault for fault in broken if not lines_seen & {fault.line, (fault.line or 0) - 1}]
    return document, [*seen, *reader.faults, *broken]


def _read_all(reader: _Reader, text: str) -> list[Fault]:
    """The fault at which reading stopped, if any."""
    try:
        reader.read(yaml.parse(text.translate(UNSEEN_LINE_BREAKS), Loader=_Loader))
    except yaml.YAMLError as error:
        reader.complete = False
        return [syntax_fault(reader.file, error)]
    except _LimitError:
        reader.complete = False
    if reader.root is None and reader.complete:
        return [Fault(reader.file, None, "", "文件是空的", "写入考核细则")]
    return []


def _decoded(content: bytes, file: str) -> tuple[str | None, list[Fault]]:
    try:
        return content.decode("utf-8-sig"), []
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        return None, [Fault(file, line, "", "不是 UTF-8 编码", "用编辑器另存为 UTF-8(不是 GBK、UTF-16)")]
