import re
from pathlib import Path
from string import Formatter

import pandas as pd
import pytest

import intake
from intake.causes import CAUSES
from intake.messages import shown, with_messages

ROOT = Path(intake.__file__).parents[1]
READERS = [path for path in (ROOT / "intake").glob("*.py") if path.name != "causes.py"]
SOURCES = "".join(path.read_text() for path in [*READERS, ROOT / "resources" / "dropped.py"])


@pytest.mark.parametrize("code", CAUSES)
def test_every_cause_is_given_somewhere_and_says_what_to_do(code: str) -> None:
    cause = CAUSES[code]
    assert f'"{code}"' in SOURCES
    assert cause.message.endswith("。") or cause.message.endswith("{detail}")
    assert cause.what_to_do.endswith("。")
    assert "{" not in cause.what_to_do
    assert {name for _, name, _, _ in Formatter().parse(cause.message) if name} <= {"raw", "detail"}


def test_every_code_given_is_a_cause() -> None:
    given = set(re.findall(r'(?:RawFinding|_fault|\.add|\.close)\(\s*"([A-Z0-9_]+)"', SOURCES))
    assert len(given) > 40
    assert given <= set(CAUSES)


def test_messages_name_what_was_read() -> None:
    found = pd.DataFrame({"code": ["NUMBER", "UNIT"], "raw": ["约5", "5"], "detail": ["", "件与项"]}, dtype="str")
    told = with_messages(found)
    assert told["message"].tolist() == ["“约5”不是一个确切的数。", "计量单位不能换算：件与项。"]
    assert told["severity"].tolist() == ["error", "error"]


def test_what_hides_or_turns_text_is_made_visible_in_messages() -> None:
    assert shown("12\u202e34\n\u200b") == "12□34□□"
    assert shown("青" * 100) == "青" * 60 + "…"
