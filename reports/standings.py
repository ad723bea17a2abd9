"""The ranking as people read it: names instead of codes, marks instead of blanks, a remark where one is due.

Here belongs what the summary sheet, the index page and the terminal say alike. Layout does not.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pandas as pd

from reports.catalogue import Catalogue, translated
from reports.csv_files import ranking
from reports.edition import Edition, made_once
from reports.language import Say, chinese
from reports.words import EFFECTS, KINDS, UNRANKED

HIDDEN_ORDER = "注：显示的总分相同而名次不同的，是按考核细则规定的未舍入得分或并列判别项排定的。"
ADMITTED = "{where}“{name}”的名额边上，第{rank}名并列：{units}，都评上。"
LEFT_OUT = "{where}“{name}”的名额边上，第{rank}名并列：{units}，都没有评上。"
SCORES = ["base_score", "bonus", "penalty", "total_score"]


@made_once
def standings(edition: Edition, names: Catalogue) -> pd.DataFrame:
    """`ranking` and besides `group_name`, `place` (rank or -), `pool_size`, `veto_names`, `remark`, and of last year
    `previous_total`, `previous_rank`, `previous_grade`, `moved`.

    `pool_size` is how many units are ranked together with the unit; `moved` says by how many places it rose or fell.
    """
    rows = ranking(edition)
    # Where only one kind is ranked as a whole, groups may be blank.
    within = "group" if edition.definition.rulebook.ranking.within == "group" else "kind"
    pool = rows[within].fillna("") if within == "group" else rows["kind"]
    before = edition.previous_totals.drop_duplicates("unit_code").set_index("unit_code")
    previous_rank = rows["unit_code"].map(pd.to_numeric(before["rank"])).astype("Int64")
    return rows.assign(
        group_name=rows["group"].map(names.groups).fillna(rows["group"]).fillna(""),
        pool=pool,
        pool_size=rows["rank"].notna().groupby([rows["kind"], pool]).transform("sum").astype("int64"),
        place=rows["rank"].astype("str").fillna(UNRANKED),
        veto_names=translated(rows["veto"], lambda codes: _veto_names(codes, names)),
        remark=remarks(rows, names),
        previous_total=rows["unit_code"].map(before["total_score"]).astype("str").fillna(""),
        previous_grade=rows["unit_code"].map(before["grade"]).astype("str").fillna(""),
        previous_rank=previous_rank.astype("str").fillna(""),
        moved=translated((previous_rank - rows["rank"].astype("Int64")).astype("str"), _moved),
    )


def by_change(rows: pd.DataFrame, edition: Edition) -> pd.DataFrame:
    """Units ranked by the change of their total on the year before, best first within kind and pool; `rows` as of
    `standings`. `change` is signed, `change_place` the rank or -."""
    other = edition.other_ranks
    ranked = other[other["ranking"] == "change"].rename(columns={"rank": "change_rank"})
    found = rows.merge(ranked[["unit_code", "change", "change_rank"]], on="unit_code")
    signed = translated(found["change"], lambda change: f"{Decimal(change):+.{edition.decimals}f}")
    found = found.assign(change=signed, change_place=found["change_rank"].astype("str").fillna(UNRANKED))
    pools = pd.MultiIndex.from_frame(found[["kind", "pool"]])
    order = found.assign(at=pd.factorize(pools)[0]).sort_values(["at", "change_rank"], kind="stable")
    return order.drop(columns=["at", "change_rank"]).reset_index(drop=True)


def ties_told(edition: Edition, names: Catalogue, say: Say = chinese) -> list[str]:
    """A sentence about each tie at the edge of a quota or of an award's places."""
    kept = edition.edge_ties.assign(unit_name=edition.edge_ties["unit_code"].map(names.units))
    told = []
    for (name, group, rank, admitted), tied in kept.groupby(["name", "unit_group", "rank", "admitted"], sort=False):
        whole = say(ADMITTED if admitted else LEFT_OUT)
        units = say("、").join(tied["unit_name"])
        told.append(whole.format(where=names.groups.get(group, group), name=name, rank=rank, units=units))
    return told


def kind_label(rows: pd.DataFrame, kind: str, say: Say = chinese) -> str:
    """What the units of a kind are called: the name of their group where they have but one."""
    groups = rows.loc[rows["kind"] == kind, "group_name"].unique().tolist()
    return str(groups[0]) if len(groups) == 1 and groups[0] else say(KINDS[kind]) if kind in KINDS else kind


def hidden_order(rows: pd.DataFrame) -> bool:
    """Whether units that show the same total have different ranks, which asks for a word of explanation."""
    ranked = rows[rows["rank"].notna()]
    ranks = ranked.groupby(["kind", "pool", "total_score"])["rank"].nunique()
    return bool((ranks > 1).any())


def _moved(places: str) -> str:
    """
    >>> _moved("2"), _moved("-1"), _moved("0")
    ('升2位', '降1位', '持平')
    """
    count = int(places)
    return f"{'升' if count > 0 else '降'}{abs(count)}位" if count else "持平"


def _veto_names(codes: str, names: Catalogue) -> str:
    return "、".join(names.vetoes[code].name if code in names.vetoes else code for code in codes.split(";"))


def remarks(rows: pd.DataFrame, names: Catalogue, say: Say = chinese) -> pd.Series:
    """What is to be said of each row of the ranking: vetoes, why it has no rank, that it is provisional.

    Made once per distinct situation, then looked up.
    """
    keys = pd.DataFrame(
        {
            "veto": rows["veto"].fillna(""),
            "scored": rows["total_score"].notna(),
            "ranked": rows["rank"].notna(),
            "provisional": rows["provisional"].astype("bool"),
        }
    )
    situations = keys.drop_duplicates()
    told = [
        say("；").join(_remark(str(one.veto), bool(one.scored), bool(one.ranked), bool(one.provisional), names, say))
        for one in situations.itertuples()
    ]
    return keys.merge(situations.assign(remark=pd.Series(told, index=situations.index, dtype="str")))["remark"]


def _remark(veto: str, scored: bool, ranked: bool, provisional: bool, names: Catalogue, say: Say) -> Iterator[str]:
    for code in veto.split(";"):
        if code:
            yield _veto_remark(code, names, say)
    if not scored:
        yield say("得分待定，不参加排名")
    elif not ranked:
        yield say("得分保留供参考，不参加排名")
    if provisional and scored:
        yield say("得分暂定")


def _veto_remark(code: str, names: Catalogue, say: Say) -> str:
    veto = names.vetoes.get(code)
    if veto is None:
        return say("一票否决：{name}", name=code)
    effects = say("、").join(say(EFFECTS[effect]) for effect in veto.effects)
    return say("一票否决：{name}（{effects}）", name=veto.name, effects=effects)
