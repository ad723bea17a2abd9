"""A version's folder: which files, the manifest over them, and the same bytes every time."""

import csv
import hashlib
import io
import json
import re
import tomllib
import zipfile
from dataclasses import fields, replace
from html import unescape
from pathlib import Path

import pandas as pd
import pytest
from edition_cases import qingshan_edition
from editions import long_edition

from reports.csv_files import results_digest
from reports.edition import Edition
from reports.folder import write_folder

CODES = ("T001", "T002", "T003", "T004", "T005", "D01")


def written(folder: Path, edition: Edition) -> dict[str, bytes]:
    folder.mkdir()
    write_folder(folder, edition, "夜间运行")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def raw_of(name: str, data: bytes) -> str:
    """A file as it is written; of a document or workbook, all its parts."""
    if not name.endswith((".docx", ".xlsx")):
        return data.decode()
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return "".join(package.read(part).decode() for part in package.namelist())


def test_same_edition_makes_the_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = written(tmp_path / "first", qingshan_edition())
    monkeypatch.setenv("TZ", "America/New_York")
    assert written(tmp_path / "second", qingshan_edition()) == first


def test_folder_holds_every_file_that_goes_out(tmp_path: Path) -> None:
    ends = ("units/{}.html", "units/{}.en.html", "briefs/{}.docx")
    units = {end.format(code) for code in CODES for end in ends}
    tables = {"ranking.csv", "indicator_scores.csv", "official_scores.csv", "findings.csv", "changes.csv"}
    assert set(written(tmp_path / "v", qingshan_edition())) == {
        *units,
        *tables,
        "index.html",
        "index.en.html",
        "scorecards.xlsx",
        "notice.docx",
        "brief.docx",
        "manifest.json",
    }


@pytest.mark.parametrize("state", ["公示", "复核", "定稿", "通报"])
def test_the_public_set_names_no_person_file_or_finding(tmp_path: Path, state: str) -> None:
    edition = replace(qingshan_edition(), state=state)
    public = {name: data for name, data in written(tmp_path / "v", edition).items() if name.startswith("public/")}
    pages = {
        f"{name}{end}" for name in ("index", *(f"units/{code}" for code in CODES)) for end in (".html", ".en.html")
    }
    files = {"ranking.csv", "indicator_scores.csv", "notice.docx", *pages}
    assert set(public) == {f"public/{name}" for name in files}
    text = "".join(unescape(raw_of(name, data)) for name, data in public.items())
    columns = [(edition.corrections, name) for name in ("requested_by", "approved_by", "reason", "document")]
    columns += [(edition.official_scores, "name"), (edition.accepted_values, "file"), (edition.findings, "message")]
    columns += [(edition.findings, "what_to_do"), (edition.claims, "document"), (edition.claims, "decided_by")]
    private = {text for frame, name in columns for text in frame[name].dropna()} | {"约120"}
    assert len(private) > 10
    assert {name for name in private if name in text} == set()


def test_manifest_says_what_the_version_was_made_from(tmp_path: Path) -> None:
    edition = replace(qingshan_edition(), adopted=False)
    manifest = json.loads(written(tmp_path / "v", edition)["manifest.json"])
    pyproject = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text(encoding="utf-8"))
    files = manifest.pop("files")
    assert manifest == {
        "evaluation": "qingshan-2025",
        "version": 7,
        "state": "试算",
        "as_of": "2026-01-20",
        "adopted": False,
        "definition_digest": edition.definition.digest,
        "inputs_digest": "5b" * 32,
        "results_digest": results_digest(edition),
        "ledger_seq": 218,
        "ledger_head": edition.ledger_head,
        "program_version": pyproject["project"]["version"],
        "cause": "夜间运行",
    }
    assert len(files) == 28


def test_manifest_lists_every_other_file_with_its_digest(tmp_path: Path) -> None:
    files = written(tmp_path / "v", qingshan_edition())
    listed = json.loads(files.pop("manifest.json"))["files"]
    assert listed == {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}


def test_over_500_units_there_are_no_unit_pages_and_no_links_to_them(tmp_path: Path) -> None:
    files = written(tmp_path / "v", long_edition(501, 1))
    assert not [name for name in files if name.startswith("units/")]
    assert b'href="units/' not in files["index.html"]


def test_unknown_state_is_refused() -> None:
    with pytest.raises(ValueError, match="草稿"):
        replace(qingshan_edition(), state="草稿")


def test_frames_may_come_as_objects_with_none_or_nan(tmp_path: Path) -> None:
    edition = qingshan_edition()
    names = [field.name for field in fields(edition) if isinstance(getattr(edition, field.name), pd.DataFrame)]
    loose = {name: getattr(edition, name).astype("object") for name in names}
    nones = {name: frame.where(frame.notna(), None) for name, frame in loose.items()}
    nans = {name: frame.where(frame.notna(), float("nan")) for name, frame in loose.items()}
    expected = written(tmp_path / "texts", edition)
    assert written(tmp_path / "nones", replace(edition, **nones)) == expected
    assert written(tmp_path / "nans", replace(edition, **nans)) == expected


def test_an_edition_without_any_finding_value_or_correction_is_written(tmp_path: Path) -> None:
    edition = qingshan_edition()
    names = ("findings", "accepted_values", "corrections", "changes", "official_scores", "indicator_scores")
    bare = {name: pd.DataFrame(columns=getattr(edition, name).columns) for name in names}
    files = written(tmp_path / "v", replace(edition, **bare))
    assert "没有问题" in files["units/T001.html"].decode()
    assert files["findings.csv"].count(b"\r\n") == 1


# Runs as a formula, as markup, as a script, as a template; turns the line around; ends a text.
HOSTILE = '=HYPERLINK("http://x.example/")<script>alert(1)</script><w:p/>{{ 7*7 }}\u202e\u0000'


def hostile_edition() -> Edition:
    edition = qingshan_edition()
    texts = {
        "total_scores": ["unit_name", "grade", "award"],
        "findings": ["message", "what_to_do", "raw", "file", "sheet"],
        "corrections": ["reason", "document", "requested_by"],
        "claims": ["document", "object_id", "decided_because"],
        "indicator_scores": ["reason"],
        "accepted_values": ["file", "sheet"],
        "official_scores": ["name"],
        "changes": ["cause"],
    }
    frames = {name: getattr(edition, name).assign(**dict.fromkeys(columns, HOSTILE)) for name, columns in texts.items()}
    named = edition.definition.units.assign(name=HOSTILE)
    return replace(edition, state="公示", definition=replace(edition.definition, units=named), **frames)


def test_hostile_text_is_text_in_every_file_that_goes_out(tmp_path: Path) -> None:
    files = {name: raw_of(name, data) for name, data in written(tmp_path / "v", hostile_edition()).items()}
    told = {name for name, raw in files.items() if "=HYPERLINK(" in raw}
    assert set(files) - told == {"manifest.json", "public/indicator_scores.csv"}
    for name, raw in files.items():
        assert not re.search(r"alert\(1\)</script><w:p/>49|<w:p/></|<f>|TargetMode=.External", raw), name
        if name.endswith(".csv"):
            rows = csv.reader(io.StringIO(raw.removeprefix("\ufeff")))
            assert not [cell for row in rows for cell in row if cell.startswith("=")], name
        else:
            assert not {"\u202e", "\u0000"} & set(raw), name
            assert raw.count("<script") == name.endswith(".html"), name  # its own
