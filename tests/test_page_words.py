"""The words of the pages: every Chinese one has its English, every English one is used."""

from __future__ import annotations

import re

import pytest
from markupsafe import Markup

from evaluation.states import STATES
from reports import words
from reports.downloads import FILES, FOLDERS
from reports.english import ENGLISH
from reports.firmness_words import METHODS
from reports.gap_words import GOALS
from reports.language import in_chinese, saying, with_chinese
from reports.progress_words import LEVELS
from reports.rendering import TEMPLATES
from reports.standings import ADMITTED, LEFT_OUT
from reports.year_words import FORMS, REMARKS, WORDS

CODE = sorted(TEMPLATES.parent.glob("*.py"))


def said() -> set[str]:
    """Every Chinese text that is looked up."""
    templates = [path.read_text("utf-8") for path in TEMPLATES.iterdir() if path.suffix in (".html", ".css")]
    found = {text for one in templates for text in re.findall(r'_\("([^"]+)"', one)}
    found |= {text for path in CODE for text in re.findall(r'say\(\s*"([^"]+)"', path.read_text("utf-8"))}
    tables = (words.KINDS, words.ROLES, words.SEVERITIES, words.EFFECTS, words.TARGET_STATES, words.OFFICIAL_STATES)
    for table in (*tables, words.FLAGS, words.BLOCKS, FILES, FOLDERS, LEVELS, GOALS, METHODS):
        found |= set(table.values())
    for mark, meaning in (*words.NOTES, *words.RANKING_NOTES):
        found |= {meaning} | ({mark} if len(mark) > 1 else set())
    found |= {*REMARKS, *WORDS, *(text for _, text in FORMS)}
    found |= {"得分明细表（{draft}）", "结果（{draft}）", "历年对比（{draft}）", words.NOT_ADOPTED, ADMITTED, LEFT_OUT}
    return found | set(STATES) | {words.draft(state) for state in STATES}


def test_every_word_has_its_english_and_every_english_word_is_used() -> None:
    assert said() == set(ENGLISH)


def test_both_languages_put_in_the_same() -> None:
    for chinese, english in ENGLISH.items():
        assert set(re.findall(r"{(\w+)}", chinese)) == set(re.findall(r"{(\w+)}", english)), chinese


def test_a_word_without_english_is_an_error() -> None:
    with pytest.raises(KeyError):
        saying("en")("没有这个词")


def test_chinese_names_on_english_pages_say_that_they_are_chinese() -> None:
    assert in_chinese("en")("东镇<b>") == Markup('<span lang="zh-CN">东镇&lt;b&gt;</span>')
    assert in_chinese("en")("T01.xlsx") == "T01.xlsx"
    assert in_chinese("zh")("东镇") == "东镇"
    mixed = with_chinese("en")("veto: 弄虚作假 <fail>")
    assert mixed == Markup('veto: <span lang="zh-CN">弄虚作假</span> &lt;fail&gt;')
