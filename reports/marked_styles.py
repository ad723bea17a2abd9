"""The styles of a workbook with ours added: the red twin of any cell style, and the looks of the summary sheet.

Here belongs `styles.xml`. A red fill keeps the colour that it covers as its background colour, which a solid fill
does not show: so the marks of an earlier return can be taken off without knowing the file of that time.
"""

from __future__ import annotations

import re

from reports.marked_markup import Edit, Node, Unmarkable, spliced, tree, with_attribute, with_children

RED = "FFFF7C7D"  # light enough to read black text on, and nobody's usual choice
# A writer that does not keep a background colour puts the nearest of its palette there.
_REWRITTEN = {"FFFF99CC", "FFFF8080", RED}
_COLLECTIONS = ("fonts", "fills", "borders", "cellXfs")
_BACKGROUND = re.compile(rb"<(?:\w+:)?bgColor\b[^>]*>")
_COLOUR = re.compile(rb"""\b(?:rgb="[0-9A-Fa-f]{8}"|theme="\d{1,2}"|tint="-?\d(?:\.\d{1,20})?"|indexed="\d{1,2}")""")
_NO_COLOUR = b'indexed="64"'

_FONT = (
    '<{p}font>{bold}<{p}sz val="{size}"/>{colour}<{p}name val="宋体"/><{p}family val="3"/><{p}charset val="134"/>'
    "</{p}font>"
)
_LINE = '<{p}{side} style="thin"><{p}color auto="1"/></{p}{side}>'
_XF = (
    '<{p}xf numFmtId="0" fontId="{font}" fillId="0" borderId="{border}" xfId="0" applyFont="1" applyBorder="1"'
    ' applyAlignment="1"><{p}alignment horizontal="{across}" vertical="center" wrapText="1"/></{p}xf>'
)
# (bold, size, colour, border, horizontal)
LOOKS = {
    "title": (True, 16, "", False, "left"),
    "line": (False, 10, "", False, "left"),
    "header": (True, 10, "", True, "center"),
    "text": (False, 10, "", True, "left"),
    "link": (False, 10, "FF0563C1", True, "left"),
}


class Styles:
    """`styles.xml`, to which fonts, fills, borders and cell styles are added; those that it has keep their numbers."""

    def __init__(self, part: bytes) -> None:
        self._part = part
        root = tree(part)
        self._prefix = root.prefix
        self._collections = {name: _collection(root, name) for name in _COLLECTIONS}
        self._items = {name: [part[n.start : n.end] for n in node.children] for name, node in self._collections.items()}
        self._old = {name: len(items) for name, items in self._items.items()}
        self._edits: list[Edit] = []
        self._reds: dict[int, int] = {}
        self._uncover()

    def red(self, style: int) -> int:
        """The style that differs from `style` in nothing but its red fill."""
        if style not in self._reds:
            styles = self._items["cellXfs"]
            own = styles[style] if style < len(styles) else styles[0]
            end = own.index(b">") + 1
            fill = re.search(rb'\bfillId\s*=\s*["\'](\d{1,6})', own[:end])
            tag = with_attribute(
                own[:end], "fillId", str(self._add("fills", self._red_fill(int(fill[1]) if fill else 0)))
            )
            self._reds[style] = self._add("cellXfs", with_attribute(tag, "applyFill", "1") + own[end:])
        return self._reds[style]

    def look(self, name: str) -> int:
        """The style of that look (see LOOKS)."""
        bold, size, colour, bordered, across = LOOKS[name]
        p = self._prefix
        coloured = f'<{p}color rgb="{colour}"/>' if colour else ""
        font = _FONT.format(p=p, bold=f"<{p}b/>" if bold else "", size=size, colour=coloured)
        border = self._border() if bordered else 0
        xf = _XF.format(p=p, font=self._add("fonts", font.encode()), border=border, across=across)
        return self._add("cellXfs", xf.encode())

    def result(self) -> bytes:
        edits = list(self._edits)
        for name, node in self._collections.items():
            added = self._items[name][self._old[name] :]
            if added:
                edits += with_children(self._part, node, added, count=len(self._items[name]))
        return spliced(self._part, edits)

    def _add(self, collection: str, item: bytes) -> int:
        items = self._items[collection]
        if item not in items:
            items.append(item)
        return items.index(item)

    def _border(self) -> int:
        p = self._prefix
        lines = "".join(_LINE.format(p=p, side=side) for side in ("left", "right", "top", "bottom"))
        return self._add("borders", f"<{p}border>{lines}<{p}diagonal/></{p}border>".encode())

    def _red_fill(self, covered: int) -> bytes:
        fills = self._items["fills"]
        return self._solid(f'rgb="{RED}"'.encode(), _front(fills[covered]) if covered < len(fills) else _NO_COLOUR)

    def _solid(self, front: bytes, back: bytes) -> bytes:
        p = self._prefix.encode()
        colours = b"<%sfgColor %s/><%sbgColor %s/>" % (p, front, p, back)
        return b'<%sfill><%spatternFill patternType="solid">%s</%spatternFill></%sfill>' % (p, p, colours, p, p)

    def _uncover(self) -> None:
        """Red fills of an earlier return become what they covered, and with them all cells that they marked."""
        for place, node in enumerate(self._collections["fills"].children):
            fill = self._items["fills"][place]
            if _front(fill) == f'rgb="{RED}"'.encode():
                self._items["fills"][place] = self._covered(fill)
                self._edits.append((node.start, node.end, self._items["fills"][place]))

    def _covered(self, fill: bytes) -> bytes:
        back = _colour(_BACKGROUND.search(fill))
        if back == _NO_COLOUR or any(colour.encode() in back for colour in _REWRITTEN):
            p = self._prefix.encode()
            return b'<%sfill><%spatternFill patternType="none"/></%sfill>' % (p, p, p)
        return self._solid(back, _NO_COLOUR)


def _collection(root: Node, name: str) -> Node:
    node = root.child(name)
    if node is None or not node.children:
        raise Unmarkable(f"styles without {name}")
    return node


def _front(fill: bytes) -> bytes:
    """The colour of a solid fill."""
    if b'"solid"' not in fill:
        return _NO_COLOUR
    return _colour(re.search(rb"<(?:\w+:)?fgColor\b[^>]*>", fill))


def _colour(tag: re.Match[bytes] | None) -> bytes:
    return (b" ".join(_COLOUR.findall(tag[0])) if tag else b"") or _NO_COLOUR
