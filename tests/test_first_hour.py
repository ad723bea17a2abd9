"""The walk through the first hour: its commands are ours, its pictures are there, both languages do the same."""

from __future__ import annotations

import re
import shlex

import click
import pytest
from first_hour import PICTURES, TEXT, commands

from orchestration.cli import main

ENGLISH = TEXT.with_name("first-hour.en.md")
LARGEST = 150_000


@pytest.mark.parametrize("line", commands(TEXT))
def test_a_command_of_the_page_is_one_of_ours(line: str) -> None:
    _, *words = shlex.split(line)
    context, command = click.Context(main), main
    while isinstance(command, click.Group):
        name, found, words = command.resolve_command(context, words)
        assert found is not None, name
        command = found
    command.make_context(command.name, words)  # says so where an option or an argument is none


def test_both_languages_have_the_same_commands_and_pictures() -> None:
    assert commands(TEXT) == commands(ENGLISH)
    assert len(commands(TEXT)) == 4
    shown = [re.findall(r"\]\((first-hour/[^)]+)\)", page.read_text("utf-8")) for page in (TEXT, ENGLISH)]
    assert shown[0] == shown[1]
    assert sorted(shown[0]) == sorted(f"first-hour/{path.name}" for path in PICTURES.glob("*.png"))


def test_a_picture_is_one_and_light() -> None:
    for path in PICTURES.glob("*.png"):
        assert path.read_bytes().startswith(b"\x89PNG"), path
        assert path.stat().st_size <= LARGEST, path
