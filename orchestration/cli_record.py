"""Commands about the record: corrections, approvals, proof that nothing was altered, backups."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from orchestration.options import COULD_NOT_RUN, NEEDS_SOMEBODY, as_json, by_whom, of_evaluation
from resources.home import home_from_environment

REASON_CLASSES = ["录入错误", "统计口径", "申诉"]


@click.command()
@of_evaluation
@click.option("--unit", required=True, help="单位编码或名称")
@click.option("--indicator", help="指标编码（数据、目标、事项、评委打分）")
@click.option("--period", help="考核期；只有一个时可不写")
@click.option("--target", "subject", flag_value="target", help="更正目标（默认目标值；--field stretch、applicable）")
@click.option("--group", "subject", flag_value="group", help="更正单位的分组")
@click.option("--claim", metavar="对象编号", help="更正一个事项（--field level、quantity、document）")
@click.option("--mark", metavar="评委", help="更正一个评委的打分")
@click.option("--post", metavar="人员编码", help="更正任职（--field from、to、share）")
@click.option("--field", help="更正哪一栏")
@click.option("--old-value", help="您看到的现行值；与实际不符则不写入")
@click.option("--value", required=True, help="更正为")
@click.option("--reason", help="理由")
@click.option("--reason-class", type=click.Choice(REASON_CLASSES), default=REASON_CLASSES[0])
@click.option("--document", help="依据的文件名称及文号")
@click.option("--by", help="经办人姓名")
@click.option("--approved-by", help="批准人姓名；不写则只申请，等 kaohe approve")
@click.option("--preview", is_flag=True, help="只看批准后谁的得分、名次、等次、奖项会变，什么也不写")
@as_json
def correct(as_json: bool, approved_by: str | None, preview: bool, **request: str | None) -> None:
    """更正一个核定值（或目标、事项、打分、分组、任职）：申请与批准由两人分别作出，只增不改；批准后自动重新计分。"""
    from orchestration.correcting import request_correction
    from orchestration.previewing import preview_correction, preview_json, tell_preview

    home, asked = home_from_environment(), _asked(request)
    if preview:
        found = preview_correction(home, asked)
        click.echo(json.dumps(preview_json(found), ensure_ascii=False)) if as_json else tell_preview(found)
        return
    for name in ("reason", "document", "by"):
        if not (request[name] or "").strip():
            raise click.UsageError(f"缺少 --{name}（只有 --preview 可以不写）")
    entries, line = request_correction(home, asked, approved_by, once=True)
    seqs = {"request": entries[0].seq, "approval": entries[1].seq if approved_by else None}
    click.echo(json.dumps(seqs) if as_json else line)


def _asked(request: dict[str, str | None]) -> dict[str, str | None]:
    """The options as subject and object: one of them at most."""
    given = {name: request.pop(name) for name in ("claim", "mark", "post")}
    named = [name for name, value in given.items() if value is not None]
    subjects = [*named, *([request["subject"]] if request["subject"] else [])]
    if len(subjects) > 1:
        raise click.UsageError("--target、--group、--claim、--mark、--post 一次只能写一个")
    return {**request, "subject": subjects[0] if subjects else None, "object": given[named[0]] if named else None}


@click.command()
@click.argument("evaluation")
@click.argument("seq", type=int)
@click.option("--by", required=True, help="批准人姓名（不能是申请人）")
def approve(evaluation: str, seq: int, by: str) -> None:
    """批准一项更正申请（SEQ 是台账号）。"""
    from orchestration.correcting import approve_correction

    click.echo(approve_correction(home_from_environment(), evaluation, seq, by))


@click.command()
@click.argument("evaluation")
@click.argument("seq", type=int)
@click.option("--reason", required=True, help="理由")
@by_whom
def reject(evaluation: str, seq: int, reason: str, by: str) -> None:
    """不批准一项更正申请，或由申请人自己撤回（SEQ 是台账号）；申请仍留在台账里。"""
    from orchestration.correcting import reject_correction

    click.echo(reject_correction(home_from_environment(), evaluation, seq, reason, by))


@click.command()
@click.argument("evaluation")
@click.argument("state")
@click.option("--document", required=True, help="依据的文件名称及文号")
@by_whom
@click.option("--approved-by", required=True, help="批准人姓名（不能是经办人）")
@as_json
def state(evaluation: str, state: str, document: str, by: str, approved_by: str, as_json: bool) -> None:
    """把考核移到下一状态：试算 → 审定 → 公示 →（复核）→ 定稿 → 通报。公示起停止收件，只凭更正变动。"""
    from orchestration.moving import move_state

    moved = move_state(home_from_environment(), evaluation, state, document, by, approved_by)
    if as_json:
        click.echo(json.dumps(moved, ensure_ascii=False))
    else:
        click.echo(f"“{evaluation}”已转入{moved['state']}（台账第{moved['seq']}号）。后台会自动出相应的一版。")
        for line in [f"公示期到{moved['notice_until']}止。"] if moved["notice_until"] else []:
            click.echo(line)
        for line in moved["open"]:
            click.echo(f"· 定稿前要办结：{line}")
    sys.exit(NEEDS_SOMEBODY if moved["open"] else 0)


@click.command()
@click.option("--since", metavar="HEAD", help="以前印出的台账哈希（或 号:哈希）：证明今天的台账是从那时接着写的")
@as_json
def verify(since: str | None, as_json: bool) -> None:
    """核验台账、存档、已发布的各版和数据库：改动过一个字节也查得出来。"""
    from orchestration.filing import ledger_of
    from orchestration.verifying import verify as verify_all

    home = home_from_environment()
    found = verify_all(home, since)
    seq, head = ledger_of(home).head()
    last = f"台账共{seq}号，最新哈希 {head}，{'有误' if found.faults else '全部相符'}。"
    told = "\n".join([*found.faults, *found.notes, last])
    click.echo(json.dumps({"seq": seq, "head": head, **vars(found)}, ensure_ascii=False) if as_json else told)
    sys.exit(NEEDS_SOMEBODY if found.faults else 0)


@click.command()
@of_evaluation
def rebuild(evaluation: str) -> None:
    """删去一个考核的全部中间数据，从存档和台账重做，并与原来的摘要核对。"""
    from orchestration.rebuilding import rebuild as rebuild_evaluation

    differing = rebuild_evaluation(home_from_environment(), evaluation)
    for line in differing:
        click.echo(line)
    told = (
        "重做的与原来的不同：原来的被改动过；或上次计分以后程序升级过，现在是新程序的结果，"
        f"请运行 kaohe evaluate {evaluation} 看有没有新版。升级以后先 kaohe evaluate 再 kaohe rebuild，就不会这样。"
    )
    click.echo(told if differing else f"“{evaluation}”已从存档和台账重做，各表摘要与原来的完全相同。")
    sys.exit(NEEDS_SOMEBODY if differing else 0)


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def backup(file: Path) -> None:
    """把整个工作文件夹和数据库备份成一个文件；后台程序运行着也可以。"""
    from orchestration.filing import ledger_of
    from orchestration.verifying import Verified, verify_archive
    from resources.backup import back_up
    from resources.refused import Refused

    home, found = home_from_environment(), Verified()
    if not file.absolute().parent.is_dir():
        raise Refused(f"没有文件夹 {file.absolute().parent}，请先建好，或写别的位置。")
    ledger = ledger_of(home)
    manifest = back_up(home, ledger.store, file.absolute())
    verify_archive(home, ledger, found)
    for line in found.faults:
        click.echo(line)
    seq, head = manifest["head"].split(":")
    told = f"；存档有{len(found.faults)}处有误（见上），备份里也是这样，以前的备份请留着" if found.faults else ""
    click.echo(f"已备份到 {file}：{len(manifest['files'])}个文件，台账{seq}号，哈希 {head}{told}。")
    sys.exit(NEEDS_SOMEBODY if found.faults else 0)


@click.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def restore(file: Path) -> None:
    """从备份恢复到空的工作文件夹（KAOHE_HOME），然后核验。"""
    from orchestration.rebuilding import restore_home

    manifest, found = restore_home(home_from_environment(), file)
    for line in [*found.faults, *found.notes]:
        click.echo(line)
    seq, head = manifest["head"].split(":")
    told = "核验有误，见上" if found.faults else "核验全部相符"
    click.echo(f"已恢复{manifest['made_at']}的备份：台账{seq}号，哈希 {head}，{told}。")
    sys.exit(NEEDS_SOMEBODY if found.faults else 0)


@click.command()
@of_evaluation
@click.option("--rulebook", required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path), help="草案")
@as_json
def preview(evaluation: str, rulebook: Path, as_json: bool) -> None:
    """看一份细则草案会让谁的得分、名次怎样变，是哪一条改动造成的；什么也不写。"""
    from orchestration.rulebook_preview import preview_rulebook, rulebook_json, tell_rulebook

    found = preview_rulebook(home_from_environment(), evaluation, rulebook)
    click.echo(json.dumps(rulebook_json(found), ensure_ascii=False)) if as_json else tell_rulebook(found)


@click.command()
@click.argument("evaluation")
@click.argument("one", metavar="V1", type=int)
@click.argument("other", metavar="V2", type=int)
@as_json
def diff(evaluation: str, one: int, other: int, as_json: bool) -> None:
    """两版之间谁变了、变了多少、为什么：逐条列出起因，各部分之和就是全部变动。"""
    from orchestration.differing import difference, difference_json, tell_difference

    found = difference(home_from_environment(), evaluation, one, other)
    if as_json:
        click.echo(json.dumps(difference_json(found), ensure_ascii=False))
    else:
        tell_difference(found, one, other)


@click.command()
@as_json
def doctor(as_json: bool) -> None:
    """检查这台电脑和工作文件夹：程序库、磁盘、时钟、字体、数据库、锁、后台程序、收件、考核办法；什么也不改。"""
    from orchestration.doctor import FAULT, SOUND, examined, tell

    found = list(examined(home_from_environment()))
    if as_json:
        click.echo(json.dumps([vars(one) for one in found], ensure_ascii=False))
    else:
        tell(found)
    states = {one.state for one in found}
    sys.exit(COULD_NOT_RUN if FAULT in states else NEEDS_SOMEBODY if states - {SOUND} else 0)


@click.command()
@as_json
def heartbeat(as_json: bool) -> None:
    """每个考核上次什么时候算完、结果怎样、有什么等着办；同时写成网页 heartbeat.html（每天早上也写）。"""
    from orchestration.heartbeat import GOOD, RUNNING, beats, write_page

    home = home_from_environment()
    found = beats(home)
    page = write_page(home, found)
    if as_json:
        click.echo(json.dumps([vars(one) for one in found], ensure_ascii=False))
    else:
        for one in found:
            click.echo(f"{one.evaluation}：{one.state}，上次算完 {one.last_good_at or '—'}，{one.outcome or '—'}")
            for line in [f"  → {one.remedy}"] if one.remedy else []:
                click.echo(line)
        click.echo(f"网页：{page}")
    sys.exit(NEEDS_SOMEBODY if any(one.state not in (GOOD, RUNNING) for one in found) else 0)


COMMANDS = [correct, approve, reject, preview, diff, state, verify, rebuild, backup, restore, doctor, heartbeat]
