"""The language of a page: Chinese as it is written in the templates, English looked up (`english`).

Here belongs the passage from one to the other. What examiners and rulebooks have written is never translated.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, TypeAlias

from markupsafe import Markup, escape

from evaluation.explanation_words import LANGUAGES, Language
from reports.english import ENGLISH
from reports.harmless import visible

Say: TypeAlias = Callable[..., str]

__all__ = ["LANGUAGES", "TAGS", "Language", "Say", "chinese", "in_chinese", "saying", "with_chinese"]

CHINESE = re.compile("([\u3007\u3400-\u9fff\uf900-\ufaff]+)")
TAGS: dict[Language, str] = {"zh": "zh-CN", "en": "en"}


def saying(language: Language) -> Say:
    """What turns a Chinese text of ours, with places in braces, into the language's.

    Raises KeyError for a text that has no English.

    >>> saying("en")("共 {n} 个单位", n=9)
    '9 units'
    """

    def say(text: str, **given: object) -> str:
        words = text if language == "zh" else ENGLISH[text]
        return words.format(**given) if given else words

    return say


chinese = saying("zh")


def in_chinese(language: Language) -> Callable[[Any], Any]:
    """What marks a Chinese text for whoever reads a page of the language aloud."""

    def marked(text: Any) -> Any:
        if language == "zh" or not isinstance(text, str) or text.isascii():
            return text
        shown = text if isinstance(text, Markup) else escape(visible(text))
        return Markup(f'<span lang="zh-CN">{shown}</span>')

    return marked


def with_chinese(language: Language) -> Callable[[str], str]:
    """The same for a text of the language in which Chinese names stand."""
    marked = in_chinese(language)

    def mixed(text: str) -> str:
        if language == "zh":
            return text
        parts = CHINESE.split(text)
        return Markup("").join(marked(part) if at % 2 else escape(visible(part)) for at, part in enumerate(parts))

    return mixed
