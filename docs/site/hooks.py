"""What the site's build does besides MkDocs: links between languages, and to files beside the pages."""

from __future__ import annotations

import logging
import re
from pathlib import Path
from typing import Any

from mkdocs.plugins import event_priority

# `[English](page.en.md)` at a page's head: readers of the repository need it, the site has it in its own head.
_OTHER_LANGUAGE = re.compile(r"^\[(?:English|中文)\]\([\w-]+(?:\.en)?\.md\)\n\n", re.MULTILINE)
# The plugin for languages knows a page by its name without a language, in links too.
_ENGLISH_PAGE = re.compile(r"(\]\([\w-]+)\.en(\.md\b)")

# "```yaml rules.yaml" names the file that a fence shows; the site has it as the fence's title.
_NAMED_FENCE = re.compile(r"^```(\w+) (\S+)$", re.MULTILINE)
# A line that ends within Chinese goes on without a space; what stands in <pre> stays as it is.
_PRE = re.compile(r"(<pre\b.*?</pre>)", re.DOTALL)
_WITHIN_CHINESE = re.compile(
    r"(?<=[\u2014-\u201d\u3000-\u9fff\uff00-\uffef])\n(?=[\u2014-\u201d\u3000-\u9fff\uff00-\uffef])"
)


def on_startup(**_: Any) -> None:
    """Tell of warnings only. `--quiet` would keep them from being counted, and so from stopping a strict build."""
    for name in ("mkdocs", "jieba"):
        logging.getLogger(name).setLevel(logging.WARNING)


def on_page_markdown(markdown: str, **_: Any) -> str:
    markdown = _NAMED_FENCE.sub(r'```\1 title="\2"', _OTHER_LANGUAGE.sub("", markdown, count=1))
    return _ENGLISH_PAGE.sub(r"\1\2", markdown)


def on_page_content(html: str, **_: Any) -> str:
    parts = _PRE.split(html)
    return "".join(part if part.startswith("<pre") else _WITHIN_CHINESE.sub("", part) for part in parts)


@event_priority(-100)
def on_page_context(context: dict[str, Any], page: Any, config: Any, **_: Any) -> dict[str, Any]:
    """The first pages, too, name each other by a relative address: without a server an absolute one leads nowhere."""
    for other in config.extra["alternate"]:
        if other["lang"] in page.file.alternates:
            other["link"] = page.file.alternates[other["lang"]].url
    return context


@event_priority(-200)
def on_post_build(config: Any, **_: Any) -> None:
    """The words of all languages for the search without a server, which has got those of the last language alone."""
    folder = Path(config.site_dir) / "search"
    words = (folder / "search_index.json").read_text("utf-8")
    (folder / "search_index.js").write_text(f"var __index = {words}", "utf-8")
