"""Damaged files by the thousand: every one must have an answer, within the limits, and every cell an account.

Good workbooks and csv files are damaged at random (bytes of the file, bytes and pieces of their parts, whole cells)
and read as a run reads them, in the child process. Any crash, any file beyond time or memory, any cell that is
unaccounted for ends the run with exit 1 and the file is kept beside the report.

    python benchmarks/fuzz_intake.py --seconds 600 --seed 1
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import re
import sys
import time
from collections import Counter
from collections.abc import Generator, Iterable, Iterator
from pathlib import Path
from xml.sax.saxutils import escape

import pandas as pd

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from bad_files import (  # noqa: E402
    GOOD_ROWS,
    HEADER,
    bad_files,
    csv_bytes,
    figure_xml,
    good_workbook,
    header_xml,
    parts_of,
    shared_text_workbook,
    workbook,
    xml_workbook,
    zipped,
)
from intake_inbox import definition  # noqa: E402

from intake.child import Source  # noqa: E402
from intake.confinement import read_confined  # noqa: E402
from intake.limits import Limits  # noqa: E402
from intake.raw import RawFile  # noqa: E402
from intake.reading import Reading, read_files  # noqa: E402

BATCH = 200
PEAKS: set[int] = set()  # kB
WORDS = [
    *("", " ", "0", "-1", "1e999", "99999999999999999999", "NaN", "=1+1", "12件", "32。63%", "１２", "2025-13", "合计"),
    *("\x00", "\u202e", "𠮷", '"', '""', ",", "\t", ";", "，", "\r", "\n", "</v>", "<row>", "<c/>", "&lt;", "_x0041_"),
    *("A1", "XFD1048576", "A2:A9", 't="s"', 't="e"', 't="b"', 't="inlineStr"', 'hidden="1"', "单位编码", "数值"),
]


def good_files() -> list[tuple[str, bytes]]:
    long = [["T001", "2025", "grants", n] for n in range(60)]
    formulas = figure_xml(2, '<c r="D2"><f>6*7</f><v>42</v></c>') + figure_xml(3, '<c r="D3" s="1"><v>0.98</v></c>')
    matrix = [
        ["单位名称", "单位编码", "grants", "output（亿元）", ""],
        ["青山镇", "T001", 12, 1.5, ""],
        ["合计", "", 12, "", ""],
    ]
    merged = '<mergeCells><mergeCell ref="A2:A3"/></mergeCells>'
    good = [
        ("a.xlsx", good_workbook()),
        ("a.xlsx", shared_text_workbook()),
        ("a.xlsx", workbook(["标题"], HEADER, *long)),
        ("a.xlsx", xml_workbook(header_xml() + formulas, after=merged, formats=["0.00%"])),
        ("a.csv", csv_bytes(HEADER, *GOOD_ROWS)),
        ("a.csv", csv_bytes([*HEADER, "备注"], *[[*row, '"a ""b"", c"'] for row in GOOD_ROWS])),
        ("a.csv", csv_bytes(["标题"], HEADER, *long, encoding="gb18030")),
        ("a.csv", csv_bytes(HEADER, *long, encoding="utf-16")),
        ("a.csv", csv_bytes(*matrix)),
        ("a.xlsx", workbook(["标题"], *matrix, edit=lambda page: page.merge_cells("A2:B2"))),
        ("a.xlsx", workbook(["指标", "填报值"], ["grants", 12], ["output", "3.2亿元"])),
        ("a.xlsx", workbook(["单位编码", "事项编码", "对象编号", "级别"], ["T001", "prize", "ZL1", "national"])),
        ("a.xlsx", workbook(["单位编码", "指标编码", "评委", "分值"], ["T001", "opinion", "甲", 0.9])),
    ]
    return good * 20 + [(bad.name, bad.data) for bad in bad_files() if len(bad.data) < 100_000]


def damaged(rng: random.Random, data: bytes) -> bytes:
    """Some bytes turned, taken out, repeated, or replaced by words that mean something to a reader."""
    content = bytearray(data)
    for _ in range(rng.choice((1, 1, 1, 2, 5, 20))):
        at, length = rng.randrange(len(content) + 1), rng.choice((1, 1, 2, 8, 100))
        way = rng.choices(range(6), (3, 3, 3, 6, 3, 1))[0]
        if way == 0 and at < len(content):
            content[at] ^= 1 << rng.randrange(8)
        elif way == 1:
            del content[at : at + length]
        elif way == 2:
            content[at:at] = content[at : at + length] * rng.choice((1, 2, 50))
        elif way == 3:
            content[at : at + length] = rng.choice(WORDS).encode(rng.choice(("utf-8", "gb18030", "utf-16-le")))
        elif way == 4:
            content[at:at] = rng.randbytes(length)
        else:
            del content[rng.randrange(len(content) + 1) :]
    return bytes(content)


def files(rng: random.Random) -> Iterator[tuple[str, bytes]]:
    good = good_files()
    while True:
        name, data = rng.choice(good)
        if data.startswith(b"PK") and rng.random() < 0.7:
            yield name, _damaged_part(rng, data)
        else:
            yield rng.choice((name, name, "a.xlsx", "a.csv", "b", "佐证/a.pdf")), damaged(rng, data)


def _damaged_part(rng: random.Random, data: bytes) -> bytes:
    """The zip is whole and one of its parts damaged, which no check sum tells."""
    try:
        parts = parts_of(data)
    except Exception:  # a bad file to begin with: any of zipfile's many errors
        return damaged(rng, data)
    names = [name for name in parts if "sheet1" in name.lower()] if rng.random() < 0.7 else list(parts)
    name = rng.choice(names or list(parts))
    damage = _damaged_cells if rng.random() < 0.6 else damaged
    return zipped({**parts, name: damage(rng, parts[name])})


def _damaged_cells(rng: random.Random, part: bytes) -> bytes:
    """Texts and values between tags replaced, so that the markup stays whole."""
    pieces = re.split(rb"(?<=>)([^<>]+)(?=<)", part)
    for _ in range(rng.choice((1, 3, 10))):
        if len(pieces) > 1:
            pieces[rng.randrange(1, len(pieces), 2)] = escape(rng.choice(WORDS).replace("\0", "")).encode()
    return b"".join(pieces)


def read(batch: list[tuple[str, bytes]]) -> tuple[Reading, float]:
    """What intake makes of the files, and the longest time that one of them took to be read."""
    digests = [hashlib.sha256(data).hexdigest() for _, data in batch]
    contents = dict(zip(digests, (data for _, data in batch), strict=True))
    rows = [
        (seq, digest, "stats", name, "2026-01-10T09:00:00")
        for seq, (digest, (name, _)) in enumerate(zip(digests, batch, strict=True), start=1)
    ]
    received = pd.DataFrame(rows, columns=["seq", "sha256", "sender", "name", "received_at"])
    times = []

    def timed(sources: Iterable[Source], limits: Limits) -> Generator[RawFile, None, None]:
        start = time.monotonic()
        for answer in read_confined(sources, limits):
            times.append(time.monotonic() - start)
            PEAKS.update(_peaks())
            yield answer
            start = time.monotonic()

    return read_files(received, contents.__getitem__, definition(), read=timed), max(times)


def _peaks() -> Iterator[int]:
    """The largest memory of each child so far; the system's own count takes over that of its parent."""
    for child in Path(f"/proc/self/task/{os.getpid()}/children").read_text().split():
        status = Path(f"/proc/{child}/status").read_text()
        yield int(status.partition("VmHWM:")[2].split()[0])


def unaccounted(reading: Reading) -> pd.DataFrame:
    counts = reading.files[["accepted", "refused", "held", "duplicate", "blank"]].sum(axis=1)
    wrong = counts != reading.files["cells_read"]
    untold = (reading.files["outcome"] == "quarantined") & ~reading.files["seq"].isin(_told(reading))
    return reading.files[wrong | untold]


def _told(reading: Reading) -> set[int]:
    told = reading.findings.merge(reading.files, on="sha256")
    return set(told["seq"])


def main() -> int:
    options = argparse.ArgumentParser()
    options.add_argument("--seconds", type=float, default=60)
    options.add_argument("--seed", type=int, default=0)
    options.add_argument("--keep", type=Path, default=Path("fuzz"))
    given = options.parse_args()
    rng = random.Random(given.seed)
    outcomes: Counter[str] = Counter()
    codes: Counter[str] = Counter()
    bad: list[tuple[str, bytes]] = []
    source, slowest = files(rng), 0.0
    end = time.monotonic() + given.seconds
    while time.monotonic() < end:
        batch = [next(source) for _ in range(BATCH)]
        reading, seconds = read(batch)
        slowest = max(slowest, seconds)
        outcomes.update(reading.files["outcome"])
        codes.update(reading.findings["code"])
        wrong = set(unaccounted(reading)["seq"])
        wrong |= set(reading.files.merge(reading.findings, on="sha256").query("code == 'UNREADABLE'")["seq"])
        bad += [batch[seq - 1] for seq in sorted(wrong)]
    return report(given, outcomes, codes, slowest, bad)


def report(
    given: argparse.Namespace, outcomes: Counter[str], codes: Counter[str], slowest: float, bad: list[tuple[str, bytes]]
) -> int:
    print(f"seed {given.seed}, {given.seconds:.0f} s: {outcomes.total()} files, {dict(outcomes)}")
    print(f"findings: {dict(codes.most_common())}")
    print(f"slowest file {slowest:.2f} s, with the start of its child")
    print(f"largest child {max(PEAKS, default=0) / 1024:.0f} MB")
    print(f"crashes, files without an answer or with cells unaccounted for: {len(bad)}")
    for name, data in bad:
        given.keep.mkdir(exist_ok=True)
        (given.keep / (hashlib.sha256(data).hexdigest()[:12] + "-" + Path(name).name)).write_bytes(data)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
