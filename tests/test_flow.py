"""The flow from inbox to published version, by real runs of the job."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import pytest
from running import TO_THE_VERSION, run
from tampering import without_guards
from test_corrections import ASKED

from orchestration.correcting import request_correction
from orchestration.evaluating import failures_of
from resources.home import Home
from resources.kaohe import work_on
from resources.ledger import Ledger
from resources.publications import Publications
from resources.store import Store

# 玉政办函〔2018〕16号: county, base, bonus, total, rank, prize, as printed.
CIRCULAR = """
澄江县,99.5,4.0,103.5,1,一等奖
通海县,89.5,5.0,94.5,2,一等奖
新平县,90.0,4.0,94.0,3,一等奖
元江县,87.5,4.5,92.0,4,一等奖
江川区,79.3,4.5,83.8,5,二等奖
红塔区,77.0,6.5,83.5,6,二等奖
峨山县,78.0,1.5,79.5,7,二等奖
易门县,74.8,3.0,77.8,8,二等奖
华宁县,70.0,2.0,72.0,9,二等奖
"""
PRINTED = ("unit_name", "base_score", "bonus", "total_score", "rank", "award")


def published(home: Home, name: str, version: str = "latest", evaluation: str = "yuxi-2017") -> list[dict[str, str]]:
    path = home.published / evaluation / version / name
    with path.open(encoding="utf-8-sig", newline="") as rows:
        return list(csv.DictReader(rows))


def versions(home: Home) -> list[str]:
    return sorted(path.name for path in (home.published / "yuxi-2017").iterdir() if path.name.startswith("v"))


def drop(home: Home, name: str, text: str, sender: str = "lead_office") -> Path:
    path = home.inbox / "yuxi-2017" / sender / name
    path.write_text(text, encoding="utf-8")
    return path


def test_the_published_ranking_is_the_printed_circular(evaluated: Home) -> None:
    ranking = [",".join(row[name] for name in PRINTED) for row in published(evaluated, "ranking.csv")]
    assert ranking == CIRCULAR.strip().split("\n")


def test_nothing_new_where_nothing_changed(evaluated: Home) -> None:
    before = sorted((path, path.stat().st_mtime_ns) for path in evaluated.published.rglob("*"))
    assert run("yuxi-2017").success
    assert sorted((path, path.stat().st_mtime_ns) for path in evaluated.published.rglob("*"))[1:] == before[1:]
    assert versions(evaluated) == ["v0001"]
    _, _, last = [json.loads(line) for line in (evaluated.logs / "kaohe.log").read_text("utf-8").splitlines()[-3:]]
    assert (last["evaluation"], last["version"], last["text"]) == ("yuxi-2017", 1, "run came to its end")


def test_a_correction_makes_a_version_that_names_it_as_cause(evaluated: Home) -> None:
    request_correction(evaluated, ASKED, "李四")
    assert run("yuxi-2017").success
    (change,) = [row for row in published(evaluated, "changes.csv") if row["unit_code"] == "530424"]
    assert (change["score_before"], change["score_after"]) == ("72.0", "77.5")
    assert "更正" in change["cause"]
    assert "70→75.5" in change["cause"]
    assert published(evaluated, "ranking.csv", "v0001") != published(evaluated, "ranking.csv")
    (row,) = [r for r in published(evaluated, "indicator_scores.csv") if r["unit_code"] == "530424"][:1]
    assert row["source_file"] == "ledger"


def test_a_correction_that_nobody_approved_is_shown_and_not_used(evaluated: Home) -> None:
    request_correction(evaluated, ASKED, None)
    assert run("yuxi-2017").success
    assert versions(evaluated) == ["v0001"]


def test_every_cell_leads_back_to_its_file(evaluated: Home) -> None:
    (row,) = [r for r in published(evaluated, "indicator_scores.csv") if r["unit_code"] == "530422"][:1]
    assert (row["source_file"], row["cell"], row["accepted_value"]) == ("责任目标得分.csv", "F4", "99.5")


def test_a_version_lists_all_its_files(evaluated: Home) -> None:
    folder = evaluated.published / "yuxi-2017" / "latest"
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert files == {*manifest["files"], "manifest.json"}
    expected = {"ranking.csv", "indicator_scores.csv", "official_scores.csv", "findings.csv", "changes.csv"}
    assert expected | {"scorecards.xlsx", "index.html", "units/530402.html"} < files
    assert manifest["ledger_head"] == Ledger(Store(evaluated.store_url)).entries("yuxi-2017")[2].hash


@pytest.mark.parametrize(
    ("name", "text", "code", "place"),
    [
        ("a.csv", "单位编码,考核期,指标编码,数值\n539999,2017,base_score,60\n", "UNKNOWN_UNIT", "A2"),
        ("b.csv", "单位编码,考核期,指标编码,数值\n530402,2017,base_score,约60\n", "NUMBER", "D2"),
        ("c.csv", "单位编码,考核期,指标编码\n530402,2017,base_score\n", "MISSING_COLUMN", "A1"),
        ("d.csv", "单位编码,考核期,指标编码,数值\n530402,2017,base_score,101\n", "RANGE", "D2"),
    ],
)
def test_wrong_input_is_a_finding_and_the_others_are_scored(
    evaluated: Home, name: str, text: str, code: str, place: str
) -> None:
    drop(evaluated, name, text)
    assert run("yuxi-2017").success
    (finding,) = work_on(evaluated, "yuxi-2017").findings().fillna("").to_dict("records")
    assert (finding["code"], finding["severity"], finding["cell"]) == (code, "error", place)
    assert finding["file"] == name
    assert finding["message"]
    assert finding["what_to_do"]
    assert len(published(evaluated, "ranking.csv")) == 9


def test_half_a_zip_is_a_finding(evaluated: Home) -> None:
    whole = (Path(__file__).parents[1] / "examples/wuhe-2015/inbox/sti/目标任务完成情况.xlsx").read_bytes()
    (evaluated.inbox / "yuxi-2017" / "lead_office" / "half.xlsx").write_bytes(whole[: len(whole) // 2])
    assert run("yuxi-2017").success
    (finding,) = work_on(evaluated, "yuxi-2017").findings().to_dict("records")
    assert finding["code"] in {"FILE_NOT_ZIP", "FILE_CORRUPT"}
    assert finding["file"] == "half.xlsx"


def test_a_refused_cell_makes_its_item_provisional_and_nobody_elses(home: Home) -> None:
    wrong = (home.inbox / "yuxi-2017" / "lead_office" / "责任目标得分.csv").read_text(encoding="utf-8")
    drop(home, "责任目标得分.csv", wrong.replace("74.8", "七十四"))
    assert run("yuxi-2017").success
    rows = {row["unit_name"]: row for row in published(home, "ranking.csv")}
    assert rows["澄江县"]["provisional"] == "false"


def test_an_absent_inbox_blocks_the_run(evaluated: Home) -> None:
    shutil.rmtree(evaluated.inbox / "yuxi-2017")
    drop_nothing = run("yuxi-2017")
    assert not drop_nothing.success
    assert versions(evaluated) == ["v0001"]
    lines = [json.loads(line) for line in (evaluated.logs / "kaohe.log").read_text("utf-8").splitlines()]
    failed = [line for line in lines if line.get("run") == drop_nothing.run_id and line["text"] == "step failed"]
    assert [(line["evaluation"], line["level"]) for line in failed] == [("yuxi-2017", "error")] * len(failed)
    assert failed
    assert "Traceback" in failed[0]["fault"]


def test_publication_alone_publishes_nothing_while_a_fault_of_the_whole_stands(evaluated: Home) -> None:
    request_correction(evaluated, ASKED, "李四")
    (evaluated.inbox / "yuxi-2017" / ".inbox").unlink()
    assert not run("yuxi-2017").success
    everything_but_publication = [
        "submitted_values", "submitted_claims", "findings", "accepted_values", "indicator_scores",
        "total_scores", "official_scores", "township_scorecards", "department_scorecards",
    ]  # fmt: skip
    assert run("yuxi-2017", everything_but_publication).success
    alone = run("yuxi-2017", ["publication"])
    assert not alone.success
    assert versions(evaluated) == ["v0001"]
    assert published(evaluated, "ranking.csv")[8]["total_score"] == "72.0"


def test_publication_alone_refuses_scores_of_older_inputs(evaluated: Home) -> None:
    request_correction(evaluated, ASKED, "李四")
    assert run("yuxi-2017", ["definition", "received_files"]).success
    assert not run("yuxi-2017", ["publication"]).success
    assert versions(evaluated) == ["v0001"]


def test_only_papers_that_are_whole_and_of_these_inputs_are_published(evaluated: Home) -> None:
    request_correction(evaluated, ASKED, "李四")
    assert run("yuxi-2017", TO_THE_VERSION[:-1]).success
    page = evaluated.working / "yuxi-2017" / "units" / "530424.html"
    written = page.read_bytes()
    page.write_bytes(written + b" ")
    refused = run("yuxi-2017", ["publication"])
    assert not refused.success
    assert "成绩单还没有按现在的结果写好" in "".join(failures_of(refused))
    assert versions(evaluated) == ["v0001"]
    page.write_bytes(written)
    assert run("yuxi-2017", ["publication"]).success
    assert (evaluated.published / "yuxi-2017" / "latest" / "units" / page.name).read_bytes() == written


def test_a_definition_edited_but_not_adopted_changes_nothing_but_a_warning(evaluated: Home) -> None:
    rulebook = evaluated.evaluations / "yuxi-2017" / "rulebook.yaml"
    text = rulebook.read_text(encoding="utf-8")
    rulebook.write_text(text.replace("each: 1}", "each: 2}"), encoding="utf-8")
    assert run("yuxi-2017").success
    assert versions(evaluated) == ["v0001"]
    (finding,) = work_on(evaluated, "yuxi-2017").findings().to_dict("records")
    assert (finding["code"], finding["severity"]) == ("EDITED", "warning")


def test_a_killed_publication_leaves_nothing_that_people_see(evaluated: Home) -> None:
    request_correction(evaluated, ASKED, "李四")
    orphan = evaluated.published / "yuxi-2017" / "v0002"
    orphan.mkdir()
    (orphan / "ranking.csv").write_text("half", encoding="utf-8")
    assert (evaluated.published / "yuxi-2017" / "latest").resolve().name == "v0001"
    assert run("yuxi-2017").success
    assert (evaluated.published / "yuxi-2017" / "latest").resolve().name == "v0002"
    assert len(published(evaluated, "ranking.csv")) == 9


def test_the_same_inputs_make_the_same_bytes(evaluated: Home, tmp_path: Path) -> None:
    first = evaluated.published / "yuxi-2017" / "v0001"
    kept = {path.relative_to(first): path.read_bytes() for path in first.rglob("*") if path.is_file()}
    store = Store(evaluated.store_url)
    with store.writing() as connection:
        without_guards(connection)
        connection.exec_driver_sql("DELETE FROM publications")
        connection.exec_driver_sql("DELETE FROM ledger WHERE kind = 'version_published'")
    shutil.rmtree(evaluated.published / "yuxi-2017")
    shutil.rmtree(evaluated.working)
    assert run("yuxi-2017").success
    assert {p.relative_to(first): p.read_bytes() for p in first.rglob("*") if p.is_file()} == kept
    assert Publications(evaluated, Ledger(store), "yuxi-2017").newest() is not None
