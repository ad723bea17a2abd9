"""A workbook as its package of parts: what is changed or added is written anew, all else goes over as it is.

Here belong parts, relationships and content types. What stands in sheets, styles and comments does not.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from itertools import count

from reports.marked_markup import Node, Unmarkable, spliced, tree, with_children

MOST_BYTES = 100_000_000
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WORKBOOK = "xl/workbook.xml"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES = "[Content_Types].xml"
_EMPTY_RELATIONS = f'<?xml version="1.0" encoding="UTF-8"?>\n<Relationships xmlns="{_RELATIONS}"/>'.encode()
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)


class Package:
    """The parts by their names, told apart without regard to case as spreadsheets do."""

    def __init__(self, data: bytes) -> None:
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(data))
        except zipfile.BadZipFile as error:
            raise Unmarkable("not a package") from error
        self._members = {_key(info.filename): info for info in self._archive.infolist()}
        if sum(info.file_size for info in self._members.values()) > MOST_BYTES:
            raise Unmarkable("too big to be marked")
        self._new: dict[str, bytes] = {}
        self._names: dict[str, str] = {}

    def __contains__(self, name: str) -> bool:
        return _key(name) in self._members or _key(name) in self._new

    def read(self, name: str) -> bytes:
        """Raises Unmarkable where there is no such part."""
        if _key(name) in self._new:
            return self._new[_key(name)]
        if _key(name) not in self._members:
            raise Unmarkable(f"no part {name}")
        return self._stored(self._members[_key(name)])

    def write(self, name: str, content: bytes) -> None:
        if name not in self or self.read(name) != content:
            self._names.setdefault(_key(name), name)
            self._new[_key(name)] = content

    def unused(self, form: str) -> str:
        """The first name of that form (with a place for a number) that no part has."""
        return next(name for name in map(form.format, count(1)) if name not in self)

    def result(self) -> bytes:
        """The package: old parts in their order, then new ones; no clock is read."""
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            for key, info in self._members.items():
                content = self._new[key] if key in self._new else self._stored(info)
                same = zipfile.ZipInfo(info.filename, info.date_time)
                same.external_attr = info.external_attr
                archive.writestr(same, content, info.compress_type)
            for key, content in self._new.items():
                if key not in self._members:
                    archive.writestr(zipfile.ZipInfo(self._names[key], _FIRST_DAY), content, zipfile.ZIP_DEFLATED)
        return stream.getvalue()

    def _stored(self, info: zipfile.ZipInfo) -> bytes:
        try:
            return self._archive.read(info)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
            raise Unmarkable(f"a damaged part: {error}") from error

    def relations(self, part: str) -> list[Node]:
        """The relationships of a part, none where it has no list of them."""
        name = _relations_of(part)
        return list(tree(self.read(name)).each("Relationship")) if name in self else []

    def target(self, part: str, kind: str) -> str | None:
        """The part of that kind (the last word of a relationship's type) that `part` leans on."""
        found = (relation for relation in self.relations(part) if _kind(relation) == kind)
        return next((_target(part, relation) for relation in found), None)

    def targets(self, part: str) -> dict[str, tuple[str, str]]:
        """(kind, part name) by relationship id, of what lies inside the package."""
        inside = [one for one in self.relations(part) if one.attributes.get("TargetMode") != "External"]
        return {one.attributes.get("Id", ""): (_kind(one), _target(part, one)) for one in inside}

    def relate(self, part: str, kind: str, target: str) -> str:
        """Let `part` lean on `target`; returns the relationship's id."""
        name = _relations_of(part)
        content = self.read(name) if name in self else _EMPTY_RELATIONS
        root = tree(content)
        taken = {relation.attributes.get("Id") for relation in root.children}
        identity = next(one for one in map("rId{}".format, count(1)) if one not in taken)
        element = f'<{root.prefix}Relationship Id="{identity}" Type="{OFFICE}/{kind}" Target="/{target}"/>'
        self.write(name, spliced(content, with_children(content, root, [element.encode()])))
        return identity

    def declare(self, name: str, content_type: str) -> None:
        """State the content type of a new part."""
        content = self.read(_TYPES)
        root = tree(content)
        element = f'<{root.prefix}Override PartName="/{name}" ContentType="{content_type}"/>'
        self.write(_TYPES, spliced(content, with_children(content, root, [element.encode()])))


def _key(name: str) -> str:
    return posixpath.normpath(name.replace("\\", "/")).lower() + ("/" if name.endswith("/") else "")


def _relations_of(part: str) -> str:
    folder, name = posixpath.split(part)
    return f"{folder}/_rels/{name}.rels"


def _kind(relation: Node) -> str:
    return relation.attributes.get("Type", "").rpartition("/")[2]


def _target(part: str, relation: Node) -> str:
    folder = posixpath.join("/", posixpath.dirname(part))
    return posixpath.normpath(posixpath.join(folder, relation.attributes.get("Target", ""))).lstrip("/")
