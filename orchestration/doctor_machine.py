"""What the machine brings: libraries, disk, clock and fonts."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from packaging.requirements import Requirement

from intake.limits import limits_from
from orchestration.doctor import FAULT, NOTICE, SOUND
from resources.clock import SHANGHAI
from resources.home import CHECKOUT, Home
from resources.settings import NUMBERS, setting

Found = tuple[str, str] | tuple[str, str, str]
Looks = dict[str, Callable[[Home], Iterator[Found]]]

SCARCE, ENOUGH = 200, 2_000  # MB
NETWORK = ("nfs", "cifs", "smb", "9p", "fuse.sshfs")
CHINESE = "宋体、仿宋、黑体"


def _libraries(home: Home) -> Iterator[Found]:
    pinned = _pinned()
    installed = {name: _installed(name) for name in pinned}
    python = ".".join(map(str, sys.version_info[:3]))
    differing = [f"{n} {v}（应为 {pinned[n]}）" for n, v in installed.items() if v not in (None, pinned[n])]
    if differing:
        yield NOTICE, f"与 requirements.lock 不同：{'、'.join(differing)}", "运行 make install，照锁定的版本重装。"
    else:
        count = sum(found is not None for found in installed.values())
        yield SOUND, f"Python {python}，{count}个库都是锁定的版本（dagster {installed['dagster']}）。"


def _pinned() -> dict[str, str]:
    """Versions by name, of what the lock asks for on this system and this Python."""
    lines = (CHECKOUT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    asked = [Requirement(line.rstrip(" \\")) for line in lines if line[:1].isalnum()]
    return {one.name: str(one.specifier)[2:] for one in asked if one.marker is None or one.marker.evaluate()}


def _installed(name: str) -> str | None:
    """None where it is not installed: a library for another system or of an extra."""
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _disk(home: Home) -> Iterator[Found]:
    free = shutil.disk_usage(home.path).free // 1_000_000
    told = f"{home.path} 所在磁盘还剩 {free:,} MB"
    if free < ENOUGH:
        yield FAULT if free < SCARCE else NOTICE, told + "。", "腾出空间；版本和存档只增不减。"
    else:
        yield SOUND, told + "。"
    with tempfile.TemporaryFile(dir=home.path) as file:  # raises where nothing can be written
        file.write(b"kaohe")
    kind = _file_system(home.path)
    if home.store_url.startswith("sqlite") and kind.startswith(NETWORK):
        yield FAULT, f"数据库文件在网络盘（{kind}）上，锁不可靠。", "把工作文件夹移到本机磁盘，或改用 PostgreSQL。"


def _file_system(path: Path) -> str:
    """The kind of file system that a folder lies on, by the kernel's table; empty where there is none."""
    table = Path("/proc/self/mounts")
    mounts = [line.split()[1:3] for line in table.read_text().splitlines()] if table.is_file() else []
    above = [(len(place), kind) for place, kind in mounts if path.is_relative_to(place.replace("\\040", " "))]
    return max(above)[1] if above else ""


def _clock(home: Home) -> Iterator[Found]:
    from orchestration.doctor_home import ledger_now

    present, ledger = datetime.now(SHANGHAI), ledger_now(home)
    entry = ledger.entry(ledger.head()[0]) if ledger else None
    told = f"现在是 {present:%Y-%m-%d %H:%M:%S}（北京时间）"
    if entry and datetime.fromisoformat(entry.recorded_at) > present:
        yield FAULT, f"{told}，比台账最新一笔（{entry.recorded_at}）还早。", "校准电脑时钟；期限和公示期都按它计算。"
    else:
        yield SOUND, told + "。"


def _fonts(home: Home) -> Iterator[Found]:
    if shutil.which("fc-list") is None:
        yield SOUND, f"本机不排版；文件里写明了{CHINESE}，由打开文件的电脑提供。"
        return
    listed = subprocess.run(["fc-list", ":lang=zh", "family"], capture_output=True, text=True, check=True).stdout
    families = sorted({line.split(",")[0] for line in listed.splitlines()})
    if families:
        yield SOUND, f"有中文字体{len(families)}种（{'、'.join(families[:3])}）。"
    else:
        yield NOTICE, "本机没有中文字体，在本机看网页和打印会缺字。", f"安装{CHINESE}或任何一种中文字体。"


def _account(home: Home) -> Iterator[Found]:
    owner = home.path.stat().st_uid
    if owner == os.getuid():
        yield SOUND, f"工作文件夹属于当前账号（{os.getuid()}）。"
    else:
        yield FAULT, f"工作文件夹属于账号 {owner}，现在是 {os.getuid()}。", "用同一个账号运行所有 kaohe 命令。"


def _settings(home: Home) -> Iterator[Found]:
    try:
        limits_from()
        for variable in NUMBERS:
            setting(variable)
    except ValueError as fault:
        yield FAULT, str(fault), "改正后重新启动 kaohe ui。"
    else:
        yield SOUND, "各项限度都是数。"


LOOKS: Looks = {
    "程序库": _libraries,
    "设置": _settings,
    "账号": _account,
    "磁盘": _disk,
    "时钟": _clock,
    "字体": _fonts,
}
