"""All pages that people read, taken apart: `kaohe` command lines, links, anchors.

What the rulebook's two pages hold besides stands in `documentation_pages.py`.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
from documentation_pages import DOCS, Page

from orchestration.cli import main

ROOT = DOCS.parent
PAGES = [Page(path) for path in sorted([*DOCS.glob("*.md"), *ROOT.glob("*.md")])]
ONE_LANGUAGE = {"performance.md"}

_PROGRAM = {"kaohe", ".venv/bin/kaohe", "$kaohe", "/opt/kaohe/.venv/bin/kaohe"}
_COMPUTED = re.compile(r"\$\([^)]*\)")
_NOTATION = re.compile(r"^[\[{]|[\]}](?:\.\.\.|…)?$|…$|\.\.\.$")
_INLINE = re.compile(r"`(?:\.venv/bin/)?kaohe ([^`]+)`")
_PLACEHOLDER = re.compile(r"[A-Z|]|[^\x00-\x7f]")
_TARGET = re.compile(r"\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


def command_lines(page: Page) -> Iterator[list[str]]:
    """The words after `kaohe` of every line that somebody could type."""
    for fence in page.fences:
        lines = fence.text.replace("\\\n", " ").split("\n")
        for line in filter(re.compile(r"kaohe\s").search, lines):
            words = shlex.split(_COMPUTED.sub("…", line), comments=True)
            for at, word in enumerate(words[:-1]):
                if word in _PROGRAM and not words[max(at - 1, 0)].startswith("-"):
                    yield words[at + 1 :]
                    break


def mentions(page: Page) -> list[list[str]]:
    """The words after `kaohe` wherever it stands in a sentence; they need not be all that the command wants."""
    return [told.replace("\\|", "|").split() for told in _INLINE.findall(page.prose)]


def faults_of(words: list[str], *, whole: bool) -> list[str]:
    """What is wrong with a command as written; `whole`: everything that it needs has to stand there."""
    words = [word for word in (_NOTATION.sub("", word) for word in words) if word]
    command: click.Command = main
    while isinstance(command, click.Group) and words and not words[0].startswith("-"):
        names = words.pop(0).split("|")
        if not whole and _PLACEHOLDER.search(names[0]):
            return []
        unknown = [name for name in names if name not in command.commands]
        if unknown:
            return [f"no command {' '.join(unknown)}"]
        command = command.commands[names[0]]
        if len(names) > 1:
            return []
    return [] if isinstance(command, click.Group) else _faults_of(command, words, whole)


def _faults_of(command: click.Command, words: list[str], whole: bool) -> list[str]:
    context = click.Context(command)
    try:
        given, left, _ = command.make_parser(context).parse_args([word for word in words if word != "--help"])
    except click.BadOptionUsage as fault:  # an option that is named without its value
        return [fault.format_message()] if whole else []
    except click.UsageError as fault:
        return [fault.format_message()]
    faults = [f"too much: {' '.join(left)}"] if left else []
    for one in command.params:
        value = given.get(str(one.name))
        if one.required and whole and not (isinstance(value, str) or (isinstance(value, tuple) and value)):
            faults.append(f"{one.opts[-1]} is missing")
        if isinstance(value, str) and not (_PLACEHOLDER.search(value) and _are_choices(one.type, value)):
            try:
                one.type.convert(value, one, context) if not isinstance(one.type, click.Path) else None
            except click.UsageError as fault:
                faults.append(fault.format_message())
    return faults


def _are_choices(kind: click.ParamType, value: str) -> bool:
    """`accept|refuse` names choices that there are; one word in capitals or in Chinese stands for any."""
    return "|" not in value or (isinstance(kind, click.Choice) and set(value.split("|")) <= set(kind.choices))


def targets(page: Page) -> list[str]:
    return [link for link in _TARGET.findall(page.prose) if not re.match(r"https?://", link)]


def anchors(path: Path) -> set[str]:
    """What may stand after `#`: written anchors, and headings as the site and its hosts make them into anchors."""
    page = Page(path)
    return {*page.anchors, *(_slug(heading) for heading in _HEADING.findall(page.prose))}


def _slug(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-")
