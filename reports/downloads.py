"""What a page links to beside itself: the files of its folder by the names people know.

Here belongs what they are called. Writing them does not.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import PurePosixPath

FILES = {
    "scorecards.xlsx": "成绩单（xlsx）",
    "notice.docx": "通报（docx）",
    "brief.docx": "简报（docx）",
    "ranking.csv": "排名（csv）",
    "indicator_scores.csv": "得分明细（csv）",
    "official_scores.csv": "领导得分（csv）",
    "findings.csv": "问题（csv）",
    "changes.csv": "变动（csv）",
    "gaps.csv": "差距（csv）",
    "firmness.csv": "名次稳定性（csv）",
    "progress.csv": "任务进度（csv）",
    "years.csv": "历年（csv）",
    "manifest.json": "清单（json）",
}
FOLDERS = {"briefs": "简报（docx）"}
AHEAD = ("gaps.csv", "firmness.csv", "progress.csv")
STANDARD = tuple(name for name in FILES if name not in ("brief.docx", "years.csv", *AHEAD))
PAGES = ("units", "public")


def downloads(files: Collection[str]) -> list[tuple[str, str]]:
    """(file, name) of what lies beside the index; a file that has no name here is called as it is. The manifest is
    written last and lies beside every index but the public one, which has no findings."""
    written = {name for name in files if "/" not in name and not name.endswith(".html")}
    written |= {"manifest.json"} if "findings.csv" in written else set()
    known = [(name, label) for name, label in FILES.items() if name in written]
    return known + [(name, name) for name in sorted(written - set(FILES))]


def of_units(files: Collection[str]) -> Callable[[str], list[tuple[str, str]]]:
    """What finds the same for a unit's page: the workbook, and what is called by the unit's code in a folder of its
    own."""
    shared = [(f"../{name}", FILES[name]) for name in ("scorecards.xlsx",) if name in files]
    own: dict[str, list[tuple[str, str]]] = {}
    for path in map(PurePosixPath, files):
        if len(path.parts) > 1 and path.parts[0] not in PAGES:
            own.setdefault(path.stem, []).append((f"../{path}", FOLDERS.get(path.parts[0], path.name)))
    return lambda unit_code: shared + own.get(unit_code, [])
