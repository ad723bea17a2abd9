"""Receipts where they lie: made by a run, kept while nothing changes, each sender's own only."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from bad_files import saved, with_part, workbook, xml_workbook
from click.testing import CliRunner
from returned_workbooks import comments, opened, red_cells
from running import run

from orchestration.cli import main
from resources.home import Home
from resources.receipts import RECEIPT, Receipts, keep, safe_name, workbook_name

EVALUATION, SENDER = "yuxi-2017", "lead_office"
HEADER = ["单位编码", "考核期", "指标编码", "数值"]


def row(unit: str, value: object) -> list[object]:
    return [unit, "2017", "base_score", value]


def sent(home: Home, name: str, data: bytes, sender: str = SENDER) -> None:
    folder = home.inbox / EVALUATION / sender
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(data)


def receipts(home: Home, sender: str = SENDER) -> dict[str, Path]:
    """Folders of receipts by what is behind their number."""
    folder = home.receipts / EVALUATION / sender
    return {path.name.partition("-")[2]: path for path in sorted(folder.iterdir())}


def files_in(folder: Path) -> dict[Path, tuple[int, bytes]]:
    return {p: (p.stat().st_mtime_ns, p.read_bytes()) for p in sorted(folder.rglob("*")) if p.is_file()}


def text(folder: Path) -> str:
    return (folder / RECEIPT).read_text(encoding="utf-8")


def test_every_file_has_a_receipt_and_good_ones_need_nothing(evaluated: Home) -> None:
    folders = receipts(evaluated)
    assert set(folders) == {"责任目标得分", "加分事项"}
    for folder in folders.values():
        assert [path.name for path in folder.iterdir()] == [RECEIPT]
        assert "无需处理" in text(folder)


def test_refused_and_implausible_cells_come_back_red_and_pass_when_mended(evaluated: Home) -> None:
    sent(evaluated, "补报.xlsx", workbook(HEADER, row("530402", "约70"), row("530403", 120), row("530422", 99.5)))
    assert run(EVALUATION).success
    folder = receipts(evaluated)["补报"]
    data = (folder / "补报.xlsx").read_bytes()
    assert red_cells(data) == {"数据!D2", "数据!D3"}
    assert "大于细则规定的上限 100" in comments(data)["数据!D3"]
    page = text(folder).replace("\n", "")
    assert "<td>3</td><td>1</td><td>2</td><td>0</td><td>0</td><td>0</td>" in page
    assert "有2格未予采用" in page
    book = opened(data)
    book["数据"]["D2"].value, book["数据"]["D3"].value = 70, 12
    sent(evaluated, "补报.xlsx", saved(book))
    assert run(EVALUATION).success
    both = [path for path in (evaluated.receipts / EVALUATION / SENDER).iterdir() if path.name.endswith("补报")]
    assert len(both) == 2
    for path in both:
        assert "无需处理" in text(path)
        assert [one.name for one in path.iterdir()] == [RECEIPT]
    assert "已重新报送" in text(folder)
    assert "约70" in text(folder)


def test_a_csv_comes_back_as_a_workbook(evaluated: Home) -> None:
    lines = [",".join(HEADER), "530402,2017,base_score,约70", "", "530403,2017,base_score,12"]
    sent(evaluated, "补报.csv", "\r\n".join(lines).encode("gb18030"))
    assert run(EVALUATION).success
    folder = receipts(evaluated)["补报"]
    data = (folder / "补报.xlsx").read_bytes()
    assert red_cells(data) == {"数据!D2"}
    assert opened(data)["数据"]["D4"].value == "12"


def test_what_has_not_changed_is_not_written_again(evaluated: Home) -> None:
    sent(evaluated, "补报.xlsx", workbook(HEADER, row("530402", "约70")))
    assert run(EVALUATION).success
    before = files_in(evaluated.receipts)
    assert run(EVALUATION).success
    assert files_in(evaluated.receipts) == before
    kept = {path: content for path, (_, content) in before.items()}
    shutil.rmtree(evaluated.receipts)
    assert run(EVALUATION).success
    assert {path: content for path, (_, content) in files_in(evaluated.receipts).items()} == kept


def test_a_missing_or_damaged_file_is_made_again(evaluated: Home) -> None:
    sent(evaluated, "补报.xlsx", workbook(HEADER, row("530402", "约70")))
    assert run(EVALUATION).success
    folder = receipts(evaluated)["补报"]
    whole = {path: content for path, (_, content) in files_in(folder).items()}
    (folder / "补报.xlsx").unlink()
    assert run(EVALUATION).success
    (folder / RECEIPT).write_text("half", encoding="utf-8")
    assert run(EVALUATION).success
    assert {path: content for path, (_, content) in files_in(folder).items()} == whole


def test_a_quarantined_workbook_gets_a_receipt_and_no_copy(evaluated: Home) -> None:
    sent(evaluated, "宏.xlsx", with_part(workbook(HEADER, row("530402", "约70")), "xl/vbaProject.bin", b"\xcc\x61"))
    assert run(EVALUATION).success
    folder = receipts(evaluated)["宏"]
    assert [path.name for path in folder.iterdir()] == [RECEIPT]
    assert "须重新报送" in text(folder)
    assert "请另存为不含宏的 .xlsx 后再报送。" in text(folder)


def test_a_workbook_that_cannot_be_marked_gets_a_receipt_that_says_so(evaluated: Home) -> None:
    names = "".join(f'<c r="{c}1" t="inlineStr"><is><t>{n}</t></is></c>' for c, n in zip("ABCD", HEADER, strict=True))
    texts = zip("ABCD", row("530402", "约70"), strict=True)
    cells = "".join(f'<c r="{c}2" t="inlineStr"><is><t>{n}</t></is></c>' for c, n in texts)
    sent(evaluated, "简.xlsx", xml_workbook(f'<row r="1">{names}</row><row r="2">{cells}</row>'))
    for _ in range(2):
        assert run(EVALUATION).success
        folder = receipts(evaluated)["简"]
        assert [path.name for path in folder.iterdir()] == [RECEIPT]
        assert "请在贵单位自己的文件中照下表改正" in text(folder)


def test_each_sender_has_a_folder_and_an_unknown_one_is_told_too(evaluated: Home) -> None:
    for sender in ("530402", "a b", "a  b", "<i>"):
        sent(evaluated, "报.csv", f"{','.join(HEADER)}\r\n530402,2017,base_score,约{sender}".encode(), sender)
    assert run(EVALUATION).success
    places = {sender: Receipts(evaluated, EVALUATION).of_sender(sender) for sender in ("530402", "a b", "a  b", "<i>")}
    assert len(set(places.values())) == 4
    for sender, place in places.items():
        (folder,) = place.iterdir()
        others = [other for other in places if other not in sender]
        assert not any(f"约{other}" in text(folder) for other in others)
    assert places["<i>"].name.startswith("_i_-")
    assert "请放入以本部门或本单位编码命名的文件夹。" in text(next(places["<i>"].iterdir()))


@pytest.mark.parametrize(
    "name", ["-rf.csv", "<img src=x onerror=alert(1)>.csv", "=cmd|' /C calc'!A0.csv", "长" * 80 + ".csv"]
)
def test_any_file_name_is_told_and_none_does_harm(evaluated: Home, name: str) -> None:
    name = name.replace("/", "%2f")
    sent(evaluated, name, f"{','.join(HEADER)}\r\n530402,2017,base_score,约7".encode())
    assert run(EVALUATION).success
    (folder,) = [path for stem, path in receipts(evaluated).items() if stem not in ("责任目标得分", "加分事项")]
    assert len(list(folder.iterdir())) == 2
    assert "<img" not in text(folder)


def test_names_are_made_safe() -> None:
    assert safe_name("../../etc/passwd") == "_.._etc_passwd"
    assert safe_name("\x00\n\u202e") == "___"
    assert safe_name("...") == "_"
    assert len(safe_name("𠀀" * 200).encode()) <= 180
    assert workbook_name("佐证/统计局.CSV") == "统计局.xlsx"
    assert safe_name("\ud800") == "_"


def test_a_file_with_the_same_bytes_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b.html"
    assert keep(path, b"1")
    assert not keep(path, b"1")
    assert keep(path, b"2")
    assert [one.name for one in path.parent.iterdir()] == ["b.html"]


def test_the_commands_say_where_receipts_are(evaluated: Home, tmp_path: Path) -> None:
    file = tmp_path / "报.csv"
    file.write_text(",".join(HEADER) + "\r\n530402,2017,base_score,约7", encoding="utf-8")
    told = CliRunner().invoke(main, ["submit", EVALUATION, SENDER, str(file)]).output
    assert str(evaluated.receipts / EVALUATION / SENDER) in told
    told = CliRunner().invoke(main, ["status", EVALUATION]).output
    assert str(evaluated.receipts / EVALUATION) in told
