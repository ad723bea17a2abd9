"""Templates into pages: escaped, made visible, with the one style and the one script that their digests allow.

Here belongs what every page needs. What a page says does not.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from reports import words
from reports.harmless import shortened, visible
from reports.language import TAGS, Language, in_chinese, saying, with_chinese

TEMPLATES = Path(__file__).parent / "templates"


def filled(
    template: str, style_sheet: str, style: dict[str, Any], language: Language = "zh", script: str = "", **contents: Any
) -> str:
    """The page; `style` fills the style sheet, `contents` the template. `script`: the file of the page's script."""
    environment = _environment(language)
    css = environment.get_template(style_sheet).render(**style)
    code = _text(script) if script else ""
    return environment.get_template(template).render(
        style=Markup(css),
        script=Markup(code),
        policy=Markup(_policy(css, code)),
        **contents,
    )


def _policy(style: str, script: str) -> str:
    """Nothing but this style and this script, wherever the page is opened from; they come from no other place."""
    scripts = f"script-src '{_digest(script)}'; " if script else ""
    return f"default-src 'none'; style-src '{_digest(style)}'; {scripts}base-uri 'none'; form-action 'none'"


@cache
def _text(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8")


def _digest(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


class _Spoken(FileSystemLoader):
    """Templates in which texts without places stand in the language already: most of a page is these.

    What stands on a line by itself as included is put in here: in a loop it would be looked up for every row.
    """

    SAID = re.compile(r'{{ _\("([^"{]*)"\) }}')
    INCLUDED = re.compile(r'^{% include "([^"]*)" %}\n', re.MULTILINE)
    MARKED = re.compile(r" \| (?:zh|mixed)\b")

    def __init__(self, language: Language) -> None:
        super().__init__(TEMPLATES)
        self._language = language
        self._say = saying(language)

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        source, name, is_current = super().get_source(environment, template)
        whole = self.INCLUDED.sub(lambda found: _text(found[1]), source)
        if self._language == "zh":  # there is nothing to mark as Chinese
            whole = self.MARKED.sub("", whole)
        return self.SAID.sub(lambda found: str(escape(self._say(found[1]))), whole), name, is_current


class _Environment(Environment):
    """Rows are mappings: their keys are looked up before any attribute."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        if type(obj) is dict and attribute in obj:
            return obj[attribute]
        return super().getattr(obj, attribute)


@cache
def _environment(language: Language) -> Environment:
    environment = _Environment(
        loader=_Spoken(language),
        auto_reload=False,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=_shown,
    )
    dates = words.long_date if language == "zh" else words.english_date
    environment.filters |= {"shortened": shortened, "long_date": dates, "listed": _listed}
    environment.filters |= {"zh": in_chinese(language), "mixed": with_chinese(language)}
    environment.globals |= {"_": saying(language), "language": language, "tag": TAGS[language]}
    return environment


def _listed(texts: Iterable[str], between: str) -> str:
    """Those of the texts that there are."""
    return between.join(filter(None, texts))


def _shown(value: Any) -> Any:
    """Every text that a template puts out passes here: control and format characters are spelled out."""
    if type(value) is str and value.isprintable():
        return value
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value
