"""The home folder: which file lies where. No reading or writing of contents here."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
DEFINITION_FILES = ("rulebook.yaml", "units.csv", "officials.csv", "targets.csv")

IN_THE_STORE = "env: KAOHE_STORE"  # in Dagster's settings: its record lies beside the store, in one database
RESTORING = ".restoring-"  # begins the name of the folder in which `kaohe restore` works, gone when it is done
FORMS = ".forms.csv"  # among fill-in workbooks: which of them asks whom


@dataclass(frozen=True)
class Home:
    """Paths below one home folder (`KAOHE_HOME`)."""

    path: Path

    @property
    def evaluations(self) -> Path:
        return self.path / "evaluations"

    @property
    def inbox(self) -> Path:
        return self.path / "inbox"

    @property
    def archive(self) -> Path:
        return self.path / "archive"

    @property
    def templates(self) -> Path:
        """Fill-in workbooks of each evaluation, to be handed out."""
        return self.path / "templates"

    @property
    def receipts(self) -> Path:
        return self.path / "receipts"

    @property
    def published(self) -> Path:
        return self.path / "published"

    @property
    def scorecards(self) -> Path:
        """Papers of single units, made when asked for."""
        return self.path / "scorecards"

    @property
    def working(self) -> Path:
        """The version that the latest run of each evaluation would publish, or has published, whole."""
        return self.path / "working"

    @property
    def appeals(self) -> Path:
        """Pages on appeals, by evaluation."""
        return self.path / "appeals"

    @property
    def outbox(self) -> Path:
        """Notices to people, by evaluation."""
        return self.path / "outbox"

    @property
    def contacts(self) -> Path:
        return self.path / "contacts.csv"

    @property
    def holidays(self) -> Path:
        return self.path / "holidays.csv"

    @property
    def locks(self) -> Path:
        return self.path / "locks"

    @property
    def logs(self) -> Path:
        """Who asked the web server for what."""
        return self.path / "logs"

    @property
    def dagster(self) -> Path:
        return self.path / "dagster"

    @property
    def store_url(self) -> str:
        """Raises:
        StoreNotNamed: the home's record lies in a database that `KAOHE_STORE` does not name here.
        RestoreBrokeOff: only a part of the home is there.
        """
        if any(self.path.glob(f"{RESTORING}*")):
            raise RestoreBrokeOff(self.path)
        url, settings = os.environ.get("KAOHE_STORE"), self.dagster / "dagster.yaml"
        if not url and settings.is_file() and IN_THE_STORE in settings.read_text(encoding="utf-8"):
            raise StoreNotNamed(settings)
        return url or f"sqlite:///{self.path / 'kaohe.db'}"

    def require_set_up(self) -> None:
        """Raises: NotSetUp."""
        if not (self.dagster / "dagster.yaml").is_file():
            raise NotSetUp(self.path)

    def evaluation_names(self) -> list[str]:
        """Evaluations that have a rulebook, in alphabetical order."""
        return sorted(path.parent.name for path in self.evaluations.glob("*/rulebook.yaml"))

    def require_evaluation(self, name: str) -> None:
        """Raises: UnknownEvaluation: there is no rulebook under that name."""
        names = self.evaluation_names()
        if name not in names:
            raise UnknownEvaluation(name, names)

    def definition_files(self, evaluation: str) -> dict[str, bytes]:
        """The definition as it lies in the evaluation's folder now, adopted or not.

        Raises:
            UnknownEvaluation: there is no rulebook under that name.
        """
        self.require_evaluation(evaluation)
        folder = self.evaluations / evaluation
        return {name: (folder / name).read_bytes() for name in DEFINITION_FILES if (folder / name).is_file()}


class NotSetUp(Exception):
    """A folder that `kaohe init` never made a home of, or one that is not mounted."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path} 不是工作文件夹：检查 KAOHE_HOME、共享的文件夹有没有挂上；没有建过的，请先运行 kaohe init。"
        )


class StoreNotNamed(Exception):
    """A home whose record is in PostgreSQL, and a command that was not told where: it would begin a second ledger."""

    def __init__(self, settings: Path) -> None:
        super().__init__(
            f"按 {settings}，这个工作文件夹的数据库是 PostgreSQL，这里却没有设置 KAOHE_STORE，什么也没有做。"
            "请设置同后台、其他命令一样的 KAOHE_STORE 再运行。"
        )


class RestoreBrokeOff(Exception):
    """A home of which a killed restoration has moved only a part into place: it would begin a second ledger."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path} 里的恢复没有做完，什么也没有做：正在恢复的，请等它做完；"
            "中断了的，请另指一个空的文件夹（和空的数据库）再运行 kaohe restore。"
        )


class UnknownEvaluation(Exception):
    """A name that is no evaluation of this home."""

    def __init__(self, evaluation: str, known: list[str]) -> None:
        super().__init__(f"没有考核“{evaluation}”。现有：{'、'.join(known) or '（无，先运行 kaohe init）'}。")


def home_from_environment() -> Home:
    """The home that `KAOHE_HOME` names, else `home/` in the checkout."""
    return Home(Path(os.environ.get("KAOHE_HOME") or CHECKOUT / "home").resolve())
