"""All pages at the desk, as the guard takes them in."""

from __future__ import annotations

from pathlib import Path

from starlette.routing import Route

from evaluation.faults import InvalidRulebook
from guard.sections import Entry, Section
from guard.users import EVERYBODY
from orchestration.desk import appeals, approvals, corrections, matters, results, signing, state, today, uploads
from orchestration.refusals import REFUSALS
from resources.roles import DEPARTMENT, EXAMINING

FOLDER = Path(__file__).parent
BOTH = ["GET", "POST"]

DESK = Section(
    routes=[
        Route("/", today.today),
        Route("/desk/upload", uploads.upload, methods=BOTH),
        Route("/desk/forms", uploads.forms, methods=["POST"]),
        Route("/desk/corrections", corrections.listed),
        Route("/desk/corrections/form", corrections.form),
        Route("/desk/correction/new", corrections.new, methods=BOTH),
        Route("/desk/correction", approvals.correction, methods=BOTH),
        Route("/desk/matters", matters.listed),
        Route("/desk/claim", matters.claim, methods=BOTH),
        Route("/desk/finding", matters.finding, methods=BOTH),
        Route("/desk/state", state.state, methods=BOTH),
        Route("/desk/sign", signing.sign, methods=BOTH),
        Route("/desk/appeals", appeals.listed),
        Route("/desk/appeal/new", appeals.new, methods=BOTH),
        Route("/desk/appeal", appeals.decide, methods=BOTH),
        Route("/desk/ranking", results.ranking),
        Route("/desk/unit", results.unit),
    ],
    entries=[
        Entry("/", "今天要办", EVERYBODY),
        Entry("/desk/upload", "上报", EVERYBODY),
        Entry("/desk/corrections", "更正", EVERYBODY),
        Entry("/desk/matters", "事项和问题", EXAMINING),
        Entry("/desk/sign", "部门核定", (DEPARTMENT, *EXAMINING)),
        Entry("/desk/state", "状态", EXAMINING),
        Entry("/desk/appeals", "申诉", EVERYBODY),
        Entry("/desk/ranking", "得分", EXAMINING),
        Entry("/results", "结果和回执", EVERYBODY),
    ],
    templates=FOLDER / "templates",
    static=FOLDER / "static",
    uploads={"/desk/upload": uploads.LARGEST},
    refusals=(*REFUSALS, InvalidRulebook),
)
