"""What must hold of claims and marks: levels and pieces that the rulebook knows, dates, documents, no double claims."""

from __future__ import annotations

import numpy as np
import pandas as pd

from checks.statements import UNIQUE, Statement, Suite, one_of
from evaluation.decided import REFUSED, REPLACED, WAITS, YIELDS
from evaluation.definition import Definition
from evaluation.double_claims import double_claims
from evaluation.explanation_words import LEVELS
from evaluation.refiled import judges, marks_that_count
from evaluation.reporting import claim_readers, mark_readers, marks_limits, pieces_of

_CLAIM = "{unit_name}“{item_name}”事项 {object_text}"
_WHAT = {"object": "对象编号", "document": "依据文件", "file": "佐证文件"}
_OUTSIDE = _CLAIM + "：日期 {date} 不在考核年度之内"
_WHEN = "核对日期；不属于本年度的请撤回，属于的由考核办认可"

_STATEMENTS = [
    Statement(
        "CLAIM_LEVEL", "warning", *one_of("level_known", [True]),
        _CLAIM + "：级别“{level_text}”不在细则所列之中，不得分", "核对级别，照细则的写法改正后重新报送",
    ),
    Statement(
        "CLAIM_PIECE", "warning", *one_of("piece_known", [True]),
        _CLAIM + "：对象编号不是细则所列的内容，不得分", "对象编号照细则所列的代码填写",
    ),
    Statement("CLAIM_DATE_OUTSIDE", "warning", *one_of("own_in_cycle", [1]), _OUTSIDE, _WHEN, limit="own_in_cycle"),
    Statement(
        "CLAIM_DOCUMENT", "warning", *one_of("documented", [True]),
        _CLAIM + "：没有写明依据文件，不得分", "在“文件”列写明文号，或佐证材料的文件名",
    ),
    Statement(
        "CLAIM_WAITS", "warning", *one_of("waits", [False]),
        _CLAIM + "（{claim_text}）：单位自己申报，待考核办核定（编号 {claim_id}），核定前不计分", "等考核办核定",
    ),
    Statement(
        "CLAIM_YIELDS", "note", *one_of("yields", [False]),
        _CLAIM + "（{claim_text}，编号 {claim_id}）：细则更信任的部门也报了此事，以其为准，这一行不计分",
        "两边不一致的请与该部门核对；应以这一行为准的，由考核办认可（kaohe decide）",
    ),
    Statement(
        "CLAIM_REFUSED", "note", *one_of("refused", [False]),
        _CLAIM + "：{decided_by}不予认可，理由：{decided_because}", "对此有异议的，请在公示期内申诉",
    ),
]  # fmt: skip
_SHARED = _CLAIM + "（编号 {claim_id}）：{what_text}“{shared}”另见 {others_text}"
_DOUBLES = [
    Statement(
        "DOUBLE_CLAIM", "warning", *one_of("doubled", [0]), _SHARED,
        "由考核办核定只认哪一处（kaohe decide），或说明不是重复（kaohe resolve）", limit="doubled",
    ),
    Statement(
        "DOUBLE_CLAIM", "note", *one_of("listed", [0]), _SHARED,
        "可能只是序号，或是一个部门在一份表里为多家列的编号；请核对是否重复申报", limit="listed",
    ),
]  # fmt: skip


def claims_suite(definition: Definition, claims: pd.DataFrame) -> Suite:
    """Claims that could be read and were not replaced, each with what its item asks of it."""
    standing = (claims["outcome"] == "accepted") & (claims["decision"] != REPLACED)
    frame = with_names(definition, claims[standing]).reset_index(drop=True)
    cycle = definition.rulebook.cycle
    levels, pieces, documents = _asked_of_items(definition)
    dates = frame["date"].fillna(cycle.starts.isoformat())
    in_cycle = dates.between(cycle.starts.isoformat(), cycle.ends.isoformat()).astype("float64")
    listed = pd.Series(
        [i not in levels or level in levels[i] for i, level in zip(frame["item_code"], frame["level"], strict=True)],
        index=frame.index, dtype=bool,
    )  # fmt: skip
    among = [i not in pieces or o in pieces[i] for i, o in zip(frame["item_code"], frame["object_id"], strict=True)]
    return Suite(
        "claims",
        frame.assign(
            level_text=frame["level"].fillna(""),
            claim_text=claim_texts(frame),
            level_known=listed | (frame["level"] == "exemption"),
            piece_known=pd.Series(among, index=frame.index, dtype=bool),
            own_in_cycle=in_cycle.where(frame["source"] == "self"),
            documented=frame["document"].notna() | ~frame["item_code"].isin(documents),
            waits=frame["decision"] == WAITS,
            yields=frame["decision"] == YIELDS,
            refused=frame["decision"] == REFUSED,
            identity=frame["claim_id"],
        ),
        _STATEMENTS,
    )


def doubles_suite(
    definition: Definition, claims: pd.DataFrame, previous: pd.DataFrame, evidence: pd.DataFrame
) -> Suite:
    """Claims that share an object, document or file with another place; refused and replaced ones do not matter."""
    given_up = (claims["outcome"] != "accepted") | claims["decision"].isin([REFUSED, REPLACED])
    standing = claims[~given_up].reset_index(drop=True)
    found = double_claims(definition.rulebook, standing, previous, evidence)
    everywhere = with_names(definition, pd.concat([standing, previous], ignore_index=True))
    told = _places(definition, everywhere, len(standing))
    frame = found.assign(others_text=_told_of(found, told))
    frame = frame.drop(columns="others").merge(everywhere.iloc[: len(standing)].drop_duplicates("row_id"), on="row_id")
    common = frame["common"].astype(bool)
    doubled, listed = (~common).astype("float64"), common.astype("float64")
    frame = frame.assign(what_text=frame["what"].map(_WHAT), doubled=doubled, listed=listed)
    return Suite("double_claims", frame.assign(row_id=np.arange(len(frame))), _DOUBLES)


def marks_suite(definition: Definition, marks: pd.DataFrame) -> Suite:
    """Marks that count: within the scale, one a judge."""
    counting = marks_that_count(definition.rulebook, marks).rename(columns={"indicator_code": "item_code"})
    frame = with_names(definition, counting.reset_index(drop=True))
    number = pd.to_numeric(frame["mark"].to_numpy()).astype("float64")
    readers = mark_readers(definition.rulebook)
    limits = [
        marks_limits(readers[code], *unit)
        for code, *unit in zip(frame["item_code"], frame["unit_code"], frame["group"], strict=True)
    ]
    least = np.array([float(lowest) for lowest, _ in limits])
    most = np.array([np.inf if highest is None else float(highest) for _, highest in limits])
    within = ~(number > most + 1e-9) & ~(number < least - 1e-9)
    frame = frame.assign(
        least=least, most=most, within=within, same_judge=judges(frame), indicator_code=frame["item_code"]
    )
    return Suite(
        "marks",
        frame,
        [
            Statement(
                "MARK_RANGE", "warning", *one_of("within", [True]),
                "{unit_name}“{item_name}”：评委{judge}打分 {mark}，不在 {least:g} 到 {most:g} 之间",
                "核对打分表的分值是占满分的比例还是分数，改正后重新报送",
            ),
            Statement(
                "MARK_TWICE", "warning", UNIQUE, {"column_list": ["unit_code", "item_code", "same_judge"]},
                "{unit_name}“{item_name}”：评委{judge}的打分不止一个（此处 {mark}），都计入了平均",
                "核对打分表，只保留一份",
            ),
        ],
    )  # fmt: skip


def with_names(definition: Definition, rows: pd.DataFrame) -> pd.DataFrame:
    """Rows with unit_name, group, item_name, and the object as people see it."""
    units = definition.units.drop_duplicates("unit_code").set_index("unit_code")
    items = {place.item.code: place.item.name for place in definition.rulebook.places()}
    items |= {veto.code: veto.name for veto in definition.rulebook.vetoes}
    named = rows.assign(
        unit_name=rows["unit_code"].map(units["name"]).fillna(rows["unit_code"]),
        group=rows["unit_code"].map(units["group"]),
        item_name=rows["item_code"].map(items).fillna(rows["item_code"]),
        indicator_code=rows["item_code"],
    )
    return named.assign(object_text=named["object_id"].fillna("")) if "object_id" in named else named


def claim_texts(claims: pd.DataFrame) -> list[str]:
    """What a claim says for itself: level, quantity, date and document, as far as it says them."""
    words = {"level": "级别", "quantity": "数量", "date": "日期", "document": "依据"}
    levels = claims["level"].map(lambda code: LEVELS[code][0] if code in LEVELS else code)
    rows = claims.assign(level=levels)[list(words)].astype("object").fillna("").to_dict("records")
    return ["，".join(f"{words[name]} {row[name]}" for name in words if row[name]) or "未写明内容" for row in rows]


def _told_of(found: pd.DataFrame, told: list[str]) -> list[str]:
    """The other places in words, and how many there are where not all are named."""
    return [
        "；".join(told[at] for at in others) + (f"等{places}处" if places > len(others) else "")
        for others, places in zip(found["others"], found["places"], strict=True)
    ]


def _places(definition: Definition, claims: pd.DataFrame, current: int) -> list[str]:
    """Where each claim stands, in words; those after `current` are of the previous evaluation."""
    senders = definition.sender_names
    told = []
    for at, row in enumerate(claims.to_dict("records")):
        year = "" if at < current else f"上年（{definition.rulebook.previous}）"
        number = f"编号 {row['claim_id']}，" if at < current else ""
        where = (senders.get(row["sender"], row["sender"]), row["file"], row["sheet"], row["cell"])
        place = " › ".join(part for part in where if pd.notna(part) and part)
        told.append(f"{year}{row['unit_name']}“{row['item_name']}”事项 {row['object_text']}（{number}{place}）")
    return told


def _asked_of_items(definition: Definition) -> tuple[dict[str, set[str]], dict[str, set[str]], set[str]]:
    """By the codes under which claims are filed: levels where all that read them are by `levels`, pieces where all are
    by `checklist`; and the codes of what counts nothing without document."""
    levels: dict[str, set[str]] = {}
    pieces: dict[str, set[str]] = {}
    documents = {veto.code for veto in definition.rulebook.vetoes if veto.when is None}
    for code, places in claim_readers(definition.rulebook).items():
        by_level = [[rule for _, rule in place.item.methods() if rule.kind == "levels"] for place in places]
        if all(any(rule.levels for rule in rules) for rules in by_level):
            levels[code] = {level for rules in by_level for rule in rules for level in rule.levels}
        if any(rule.document_required for rules in by_level for rule in rules):
            documents.add(code)
        if listed := pieces_of(places):
            pieces[code] = set(listed)
    return levels, pieces, documents
