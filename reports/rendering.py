"""Templates into pages: escaped, made visible, with a style sheet that its own digest allows and nothing else.

Here belongs what every page needs. What a page says does not.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from reports import words
from reports.harmless import shortened, visible


def filled(template: str, style_sheet: str, style: dict[str, Any], **contents: Any) -> str:
    """The page; `style` fills the style sheet, `contents` the template."""
    environment = _environment()
    css = environment.get_template(style_sheet).render(**style)
    digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    return environment.get_template(template).render(style=Markup(css), style_hash=f"sha256-{digest}", **contents)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=_shown,
    )
    environment.filters |= {"shortened": shortened, "long_date": words.long_date}
    return environment


def _shown(value: Any) -> Any:
    """Every text that a template puts out passes here: control and format characters are spelled out."""
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value
