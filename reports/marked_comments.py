"""Comments on cells: ours added to the sender's own, those of an earlier return taken off.

Here belong the two parts in which a workbook keeps comments: their texts, and the drawing of their boxes (VML).
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from reports.marked_markup import Edit, Node, Unmarkable, escaped, spliced, tree, with_children
from reports.marked_sheet import Place, place_of, reference_of

MARK = "【核查】"  # begins every text of ours, also below a comment of the sender
AUTHOR = "科技进步考核核查"
LIMIT = 8_000  # characters of one comment

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
NO_COMMENTS = (
    f'<?xml version="1.0" encoding="UTF-8"?>\n<comments xmlns="{_MAIN}"><authors/><commentList/></comments>'.encode()
)
NO_DRAWING = (
    b'<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
    b' xmlns:x="urn:schemas-microsoft-com:office:excel">'
    b'<o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="1"/></o:shapelayout></xml>'
)
# {v}, {o}, {x} are the prefixes that a drawing gives to the three vocabularies of VML.
_VOCABULARIES = {"v": "vml", "o": "office:office", "x": "office:excel"}
_BOX_KIND = (
    '<{v}:shapetype id="_x0000_t202" coordsize="21600,21600" {o}:spt="202" path="m,l,21600r21600,l21600,xe">'
    '<{v}:stroke joinstyle="miter"/><{v}:path gradientshapeok="t" {o}:connecttype="rect"/></{v}:shapetype>'
)
_BOX = (
    '<{v}:shape id="_x0000_s{number}" type="#_x0000_t202" style="position:absolute;margin-left:80pt;margin-top:5pt;'
    'width:230pt;height:110pt;z-index:1;visibility:hidden" fillcolor="#ffffe1" {o}:insetmode="auto">'
    '<{v}:fill color2="#ffffe1"/><{v}:shadow color="black" obscured="t"/><{v}:path {o}:connecttype="none"/>'
    '<{v}:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div></{v}:textbox>'
    '<{x}:ClientData ObjectType="Note"><{x}:MoveWithCells/><{x}:SizeWithCells/><{x}:Anchor>{anchor}</{x}:Anchor>'
    "<{x}:AutoFill>False</{x}:AutoFill><{x}:Row>{row}</{x}:Row><{x}:Column>{column}</{x}:Column>"
    "</{x}:ClientData></{v}:shape>"
)
_SHAPE = re.compile(rb"_x0000_s([0-9]{1,9})\b")
_LAST_ROW, _LAST_COLUMN = 1_048_575, 16_383


def commented(part: bytes, texts: Mapping[Place, str]) -> tuple[bytes, set[Place], set[Place]]:
    """The texts of a sheet with ours on the cells; and which boxes are to be drawn, and which to be taken away."""
    root = tree(part)
    authors, listed = root.child("authors"), root.child("commentList")
    if authors is None or listed is None:
        raise Unmarkable("comments without authors or list")
    edits, kept, gone = _without_ours(part, listed, texts)
    new = {place: text for place, text in texts.items() if place not in kept}
    number, added = _author(authors)
    edits += with_children(part, authors, [added.encode()] if new and added else [])
    p = root.prefix
    comments = [
        f'<{p}comment ref="{reference_of(place)}" authorId="{number}"><{p}text>{_run(text, p)}</{p}text></{p}comment>'
        for place, text in new.items()
    ]
    edits += with_children(part, listed, [comment.encode() for comment in comments])
    return spliced(part, edits), set(new) - gone, gone - set(new)


def _without_ours(part: bytes, listed: Node, texts: Mapping[Place, str]) -> tuple[list[Edit], set[Place], set[Place]]:
    """Edits, and places whose comment of the sender stays (with our new text below it) or was ours alone."""
    edits: list[Edit] = []
    kept, gone = set(), set()
    for comment in listed.each("comment"):
        place, text = place_of(comment.attributes.get("ref", "")), comment.child("text")
        if place is None or text is None:
            continue
        own = text.whole_text().partition(MARK)[0].strip()
        if not own and MARK in text.whole_text():
            edits.append((comment.start, comment.end, b""))
            gone.add(place)
        else:
            kept.add(place)
            edits += _shared(part, text, texts.get(place, ""))
    return edits, kept, gone


def _shared(part: bytes, text: Node, ours: str) -> list[Edit]:
    """The sender's comment without what we wrote below it earlier, and with what we write there now."""
    pieces, p = [], text.prefix
    for child in text.children:
        before, mark, _ = child.whole_text().partition(MARK)
        piece = part[child.start : child.end]
        if mark:
            rest = before.rstrip("\n")
            piece = f'<{p}t xml:space="preserve">{escaped(rest)}</{p}t>'.encode() if rest else b""
        plain = (child.name == "t" and ours) or (mark and piece)
        pieces.append(f"<{p}r>".encode() + piece + f"</{p}r>".encode() if plain else piece)
        if mark:
            break
    if not ours and MARK not in text.whole_text():
        return []
    pieces += [_run("\n" + MARK + ours.removeprefix(MARK), p).encode()] if ours else []
    return [(text.inner, text.inner_end, b"".join(pieces))]


def _author(authors: Node) -> tuple[int, str]:
    """Our number among the authors, and the element to be added where we are none yet."""
    names = [author.text for author in authors.children]
    if AUTHOR in names:
        return names.index(AUTHOR), ""
    return len(names), f"<{authors.prefix}author>{AUTHOR}</{authors.prefix}author>"


def _run(text: str, prefix: str) -> str:
    p = prefix
    looks = f'<{p}rPr><{p}sz val="10"/><{p}color indexed="81"/><{p}rFont val="宋体"/><{p}charset val="134"/></{p}rPr>'
    return f'<{p}r>{looks}<{p}t xml:space="preserve">{escaped(text)}</{p}t></{p}r>'


def drawn(part: bytes, new: set[Place], gone: set[Place]) -> bytes:
    """The drawing with boxes for the new comments and without those of comments that are gone.

    VML is not always well formed: it is cut at its shapes' end tags and searched from there.
    """
    prefixes = _prefixes(part)
    end_tag = f"</{prefixes['v']}:shape>".encode()
    *shapes, rest = part.split(end_tag)
    kept = [_without_box(one, prefixes) if _box_place(one) in gone else one + end_tag for one in shapes]
    part = b"".join([*kept, rest])
    end = part.rfind(b"</")
    number = max((int(found) for found in _SHAPE.findall(part)), default=1_024)
    kind = _BOX_KIND.format(**prefixes) if new and b'id="_x0000_t202"' not in part else ""
    boxes = [_box(place, number + at, prefixes) for at, place in enumerate(sorted(new), start=1)]
    return part[:end] + "".join([kind, *boxes]).encode() + part[end:]


def _prefixes(part: bytes) -> dict[str, str]:
    found = {}
    for name, words in _VOCABULARIES.items():
        stated = re.search(
            rb"""xmlns:(\w{1,40})\s*=\s*["']urn:schemas-microsoft-com:%s["']""" % words.encode(), part[:4_000]
        )
        if stated is None:
            raise Unmarkable("a drawing of comments in an unusual form")
        found[name] = stated[1].decode()
    return found


def _box_place(shape: bytes) -> Place | None:
    row, column = re.search(rb":Row>([0-9]{1,7})<", shape), re.search(rb":Column>([0-9]{1,5})<", shape)
    return (int(row[1]) + 1, int(column[1])) if row and column and b'"Note"' in shape else None


def _without_box(shape: bytes, prefixes: dict[str, str]) -> bytes:
    tag = f"<{prefixes['v']}:shape".encode()
    start = max(shape.rfind(tag + space) for space in (b" ", b"\n", b"\r", b"\t"))
    if start < 0:
        raise Unmarkable("a drawing of comments in an unusual form")
    return shape[:start]


def _box(place: Place, number: int, prefixes: dict[str, str]) -> str:
    row, column = place[0] - 1, place[1]
    top, left = max(0, min(row, _LAST_ROW - 8)), min(column + 1, _LAST_COLUMN - 5)
    anchor = f"{left},15,{top},2,{left + 4},15,{top + 7},4"
    return _BOX.format(number=number, anchor=anchor, row=row, column=column, **prefixes)
