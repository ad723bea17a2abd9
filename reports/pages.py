"""The pages: a ranking for everybody, a scorecard for each unit, in Chinese with an English twin; static, without host
or clock, complete without their script.

Here belongs putting contents and templates together. What the rows hold does not (`page_rows`, `page_units`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from evaluation.states import CLOSED
from reports import words
from reports.downloads import STANDARD, downloads, of_units
from reports.edition import Edition
from reports.gathered import Gathered
from reports.language import LANGUAGES, Language, saying
from reports.page_index import index_contents
from reports.page_units import UnitContents
from reports.page_years import years_contents
from reports.rendering import filled

WORDS = {
    "notes": words.NOTES,
    "target_states": words.TARGET_STATES,
    "roles": words.ROLES,
    "official_states": words.OFFICIAL_STATES,
    "blocks": words.BLOCKS,
    "flags": words.FLAGS,
}
SUFFIXES: dict[Language, str] = {"zh": ".html", "en": ".en.html"}


def index_page(edition: Edition, language: Language = "zh") -> str:
    """The ranking by kind and pool, what changed, findings and corrections."""
    return Pages(edition).index(language)


def unit_page(edition: Edition, unit_code: str, language: Language = "zh") -> str:
    """The scorecard of one unit, to stand alone: it links to nothing. Raises KeyError for a unit that has no total."""
    shown = edition if edition.detailed else edition.about(unit_code)
    return dict(Pages(shown, alone=True).units(language, [unit_code]))[unit_code]


def unit_pages(edition: Edition, kind: str | None = None, language: Language = "zh") -> Iterator[tuple[str, str]]:
    """(unit code, page) of every unit, or of those of one kind, in the order of the ranking."""
    totals = edition.total_scores
    chosen = totals if kind is None else totals[totals["kind"] == kind]
    return Pages(edition).units(language, chosen["unit_code"].tolist()) if len(chosen) else iter(())


def write_pages(folder: Path, edition: Edition, public: bool = False) -> None:
    """`index.html`, `years.html` where cycles came before, and where the edition is detailed `units/<code>.html`, each
    with its English twin; links lead to what lies in the folder by now. `public`: without names of persons, files,
    notes and findings."""
    files = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    pages = Pages(for_the_public(edition) if public else edition, public, files)
    if edition.detailed:
        (folder / "units").mkdir()
    for language in LANGUAGES:
        _write(folder / f"index{SUFFIXES[language]}", pages.index(language))
        if pages.edition.cycles:
            _write(folder / f"years{SUFFIXES[language]}", pages.years(language))
        for unit_code, page in pages.units(language) if edition.detailed else ():
            _write(folder / "units" / f"{unit_code}{SUFFIXES[language]}", page)


@dataclass(frozen=True, eq=False)
class Pages:
    """The pages of one edition. `files`: what lies beside them and can be linked to; `alone`: nothing does."""

    edition: Edition
    public: bool = False
    files: Collection[str] = STANDARD
    alone: bool = False

    @cached_property
    def _gathered(self) -> Gathered:
        return Gathered(self.edition)

    @cached_property
    def _units(self) -> UnitContents:
        return UnitContents(self._gathered)

    def index(self, language: Language) -> str:
        contents = index_contents(self._gathered, language)
        what, links = "结果（{draft}）", downloads(self.files)
        return self._rendered("index.html", language, what, links, ranking_notes=words.RANKING_NOTES, **contents)

    def years(self, language: Language) -> str:
        """This cycle beside those before it, of which there are some."""
        contents = years_contents(self._gathered, language)
        return self._rendered("years.html", language, "历年对比（{draft}）", downloads(self.files), **contents)

    def units(self, language: Language, units: Collection[str] | None = None) -> Iterator[tuple[str, str]]:
        """(unit code, page) in the order of the ranking; None: all units."""
        links_of = of_units(self.files)
        for unit_code, contents in self._units.of(language, units):
            what, links = "得分明细表（{draft}）", links_of(unit_code)
            yield unit_code, self._rendered("unit.html", language, what, links, **WORDS, **contents)

    def _rendered(
        self, template: str, language: Language, what: str, links: list[tuple[str, str]], **contents: Any
    ) -> str:
        say = saying(language)
        named = say(what, draft=say(words.draft(self.edition.state)))
        shown = {"public": self.public, "alone": self.alone, "downloads": links, "what": named}
        return rendered(template, self.edition, language, "page.js", **shown, **contents)


def for_the_public(edition: Edition) -> Edition:
    """The edition without everything that is not for outside: pages made of it cannot tell what it does not hold.

    Earlier cycles of which nothing went outside yet are not shown there either.
    """
    shown = tuple(cycle for cycle in edition.cycles if cycle.state in CLOSED)
    unseen = edition.cycles[:1] != shown[:1]
    private = ("findings", "corrections", "official_scores", "accepted_values", "previous_values", "changes")
    more = ("claims", "marks", "self_scores")
    return replace(
        edition,
        indicator_scores=edition.indicator_scores.assign(reason=None),
        told={},
        totals_told={},
        cycles=shown,
        previous_totals=edition.previous_totals.iloc[:0] if unseen else edition.previous_totals,
        **{name: getattr(edition, name).iloc[:0] for name in (*private, *more)},
    )


def rendered(template: str, edition: Edition, language: Language = "zh", script: str = "", **contents: Any) -> str:
    """A page of the layout with its style, its script if it has one, and the policy that lets nothing else in."""
    standing = words.standing(edition, saying(language))
    return filled(
        template,
        "page.css",
        {"standing": standing},
        language,
        script,
        edition=edition,
        standing=standing,
        subject=words.heading(edition.subject, ""),
        **contents,
    )


def _write(path: Path, page: str) -> None:
    path.write_text(page, encoding="utf-8", newline="\n")
