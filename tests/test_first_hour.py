"""The walk through the first hour: its pictures are there, both languages do the same."""

from __future__ import annotations

import re

from first_hour import PICTURES, TEXT, commands

ENGLISH = TEXT.with_name("first-hour.en.md")
LARGEST = 150_000


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
