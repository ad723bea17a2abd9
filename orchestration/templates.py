"""`kaohe templates`: fill-in workbooks for every sender, from the adopted definition and what is accepted so far.

Also a blank sheet of corrections.
"""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from evaluation.acceptance import KEY
from evaluation.continuity import in_this_years_codes
from evaluation.definition import Definition
from orchestration.filing import ledger_of
from resources.adoption import archived_definition, definition_in_force
from resources.archive import Archive
from resources.home import FORMS, Home
from resources.ledger import Ledger
from resources.refused import Refused
from resources.runs import current_run
from resources.store import NotProducedYet


def write_templates(home: Home, evaluation: str) -> Iterator[str]:
    """Write the workbooks into `templates/<evaluation>/`, replacing what lay there; yields a line about each.

    Raises:
        Refused: the definition was never adopted: forms made from it would not be taken back.
        UnknownEvaluation, InvalidRulebook: as their names say.
    """
    from reports.form import file_name, is_asked_anything, write_form
    from reports.form_asked import Asked

    ledger = ledger_of(home)
    definition, edited = _adopted(home, ledger, evaluation)
    previous = definition.rulebook.previous
    asked = Asked(
        definition,
        in_this_years_codes(definition, accepted_so_far(ledger, previous) if previous else _nothing()),
        accepted_so_far(ledger, evaluation),
    )
    folder, new = home.templates / evaluation, home.templates / f".{evaluation}.new"
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(parents=True)
    names: set[str] = set()
    with (new / FORMS).open("w", encoding="utf-8", newline="") as stream:
        listed = csv.writer(stream)
        listed.writerow(["code", "file"])
        for recipient in asked.recipients():
            if is_asked_anything(asked, recipient):
                name = file_name(asked, recipient, names)
                names.add(name)
                write_form(new / name, asked, recipient)
                listed.writerow([recipient.code, name])
                yield f"{recipient.code}　{name}"
    _put(new, folder)
    if edited:
        yield "注意：文件夹里的考核办法改过而没有下发，填报表按已下发的一版生成。"
    yield f"共 {len(names)} 份，在 {folder}"


def write_blank_corrections(home: Home, evaluation: str) -> Path:
    """Write a blank sheet of corrections for all senders beside the folder of their forms; returns where it is.

    Raises:
        Refused, UnknownEvaluation, InvalidRulebook: as in `write_templates`.
    """
    from reports.form_corrections import write_correction_form

    definition, _ = _adopted(home, ledger_of(home), evaluation)
    home.templates.mkdir(parents=True, exist_ok=True)
    path = home.templates / f"更正表_{evaluation}.xlsx"
    new = path.with_name(f".{path.name}")
    write_correction_form(str(new), definition)
    new.replace(path)
    return path


def _adopted(home: Home, ledger: Ledger, evaluation: str) -> tuple[Definition, bool]:
    """The definition that was adopted, and whether its files were edited since."""
    in_force = definition_in_force(home, ledger, evaluation, None)
    if not in_force.adopted:
        raise Refused(f"“{evaluation}”的考核办法还没有下发，不能发填报表。请先运行 kaohe adopt {evaluation}。")
    return archived_definition(Archive(home.archive), tuple(in_force.files.items())), in_force.edited


def _put(new: Path, folder: Path) -> None:
    """The new forms in place of the old ones, which fit no longer and shall not be handed out by mistake."""
    shutil.rmtree(folder, ignore_errors=True)
    new.rename(folder)


def accepted_so_far(ledger: Ledger, evaluation: str) -> pd.DataFrame:
    """The accepted values of an evaluation's newest run; none where it was never run."""
    run = current_run(ledger, evaluation)
    if run is None:
        return _nothing()
    try:
        return ledger.store.read(evaluation, "accepted_values", run.run_key, "accepted_values")
    except NotProducedYet:
        return _nothing()


def _nothing() -> pd.DataFrame:
    return pd.DataFrame(columns=[*KEY, "accepted_value"], dtype="str")
