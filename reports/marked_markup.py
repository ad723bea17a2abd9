"""XML by its bytes: where each element stands in a part, and changes that leave every other byte as it is.

Here belongs reading and cutting of XML as such. Which element of a workbook means what does not.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from xml.parsers import expat
from xml.sax.saxutils import escape

from reports.harmless import visible

Edit = tuple[int, int, bytes]  # what stands between two offsets is replaced

DEEPEST = 100
BIGGEST = 20_000_000  # bytes of a part that is taken apart whole

_TAG = re.compile(rb"<(?:[^\"'>]|\"[^\"]*+\"|'[^']*+')*+>")
_ENCODING = re.compile(rb"""<\?xml[^>]{0,100}?encoding\s*=\s*["']([^"']{1,40})""")
_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


class Unmarkable(Exception):
    """The package is built in a way that cannot be marked without risk to what else stands in it."""


@dataclass(slots=True)
class Node:
    """An element by its offsets; `inner` is behind its start tag, `inner_end` before its end tag."""

    tag: str
    attributes: dict[str, str]
    start: int
    inner: int
    inner_end: int = 0
    end: int = 0
    text: str = ""
    children: list[Node] = field(default_factory=list)

    @property
    def name(self) -> str:
        return local(self.tag)

    @property
    def prefix(self) -> str:
        """The namespace prefix as written, with its colon; "" where there is none."""
        return self.tag[: -len(self.name)]

    def each(self, name: str) -> Iterator[Node]:
        return (child for child in self.children if child.name == name)

    def child(self, name: str) -> Node | None:
        return next(self.each(name), None)

    def whole_text(self) -> str:
        """Its own text and that of everything below."""
        return self.text + "".join(child.whole_text() for child in self.children)


def local(tag: str) -> str:
    return tag.rpartition(":")[2]


def tag_end(part: bytes, start: int) -> int:
    """The offset behind the tag that starts at `start`."""
    found = _TAG.match(part, start)
    if found is None:
        raise Unmarkable("a tag without end")
    return found.end()


def walk(part: bytes, opened: Callable[[str, dict[str, str], int], None], closed: Callable[[str, int], None]) -> None:
    """Tell start tags (name, attributes, offset) and end tags (name, offset; of `<a/>` the offset behind it).

    Raises:
        Unmarkable: not well formed, not in UTF-8 (offsets would not be ours), or with a DOCTYPE.
    """
    stated = _ENCODING.match(part.removeprefix(b"\xef\xbb\xbf"))
    if part[:2] in (b"\xff\xfe", b"\xfe\xff") or (stated and stated[1].lower() not in (b"utf-8", b"utf8", b"us-ascii")):
        raise Unmarkable("a part that is not in UTF-8")
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda tag, attributes: opened(tag, attributes, parser.CurrentByteIndex)
    parser.EndElementHandler = lambda tag: closed(tag, parser.CurrentByteIndex)
    parser.StartDoctypeDeclHandler = _refuse_doctype
    try:
        parser.Parse(part, True)
    except (expat.ExpatError, ValueError) as error:
        raise Unmarkable(f"a part is not well formed: {error}") from error


def _refuse_doctype(*_: object) -> None:
    raise Unmarkable("a part with a DOCTYPE")


def tree(part: bytes) -> Node:
    """The part's root with everything below; for parts that are small.

    Raises:
        Unmarkable: see `walk`.
    """
    if len(part) > BIGGEST:
        raise Unmarkable("a part too big to be taken apart")
    top = Node("", {}, 0, 0)
    open_nodes = [top]

    def opened(tag: str, attributes: dict[str, str], offset: int) -> None:
        if len(open_nodes) > DEEPEST:
            raise Unmarkable("elements nested too deep")
        node = Node(tag, attributes, offset, tag_end(part, offset))
        open_nodes[-1].children.append(node)
        open_nodes.append(node)

    def closed(_: str, offset: int) -> None:
        node = open_nodes.pop()
        node.inner_end = offset
        node.end = node.inner if offset == node.inner and part[node.inner - 2 : node.inner] == b"/>" else -1
        if node.end < 0:
            node.end = tag_end(part, offset)
        if not node.children:
            node.text = text_of(part[node.inner : node.inner_end])

    walk(part, opened, closed)
    return top.children[0]


def text_of(inner: bytes) -> str:
    """The text between two tags without elements between them."""
    pieces: list[str] = []
    parser = expat.ParserCreate()
    parser.CharacterDataHandler = pieces.append
    parser.Parse(b"<a>" + inner + b"</a>", True)
    return "".join(pieces)


def spliced(part: bytes, edits: Iterable[Edit]) -> bytes:
    """The part with all edits made; they must not overlap, and of one place the earlier comes first."""
    pieces, done = [], 0
    for start, end, new in sorted(edits, key=lambda edit: edit[:2]):
        pieces += [part[done:start], new]
        done = end
    return b"".join([*pieces, part[done:]])


def with_children(part: bytes, node: Node, children: list[bytes], **attributes: int) -> list[Edit]:
    """Edits that put elements at the node's end and set attributes of its start tag."""
    tag = part[node.start : node.inner]
    for name, value in attributes.items():
        tag = with_attribute(tag, name, str(value))
    if tag.endswith(b"/>"):
        whole = tag[:-2].rstrip() + b">" + b"".join(children) + f"</{node.tag}>".encode()
        return [(node.start, node.end, whole if children else tag)]
    return [(node.start, node.inner, tag), (node.inner_end, node.inner_end, b"".join(children))]


def with_attribute(tag: bytes, name: str, value: str) -> bytes:
    """A start tag with the attribute set; `value` needs no escaping."""
    new = f'{name}="{value}"'.encode()
    found = re.search(rb"(?<=\s)" + name.encode() + rb"\s*=\s*(?:\"[^\"]*\"|'[^']*')", tag)
    if found:
        return tag[: found.start()] + new + tag[found.end() :]
    end = -2 if tag.endswith(b"/>") else -1
    return tag[:end].rstrip() + b" " + new + tag[end:]


def escaped(text: str) -> str:
    """Any text as the content of an element or of an attribute in double quotes; a spreadsheet shows it as it is."""
    return escape(_ESCAPED.sub("_x005F_", visible(text)), {'"': "&quot;"})
