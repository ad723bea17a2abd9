"""What a command refuses in words: expected exceptions whose message tells the person what to do."""

import errno

from resources.accounts import AccountRefused
from resources.adoption import TwoNamesNeeded
from resources.appeals import AppealRefused
from resources.archive import DamagedArchive
from resources.backup import FileIsThere
from resources.contacts import InvalidContacts
from resources.correction_requests import NoSuchRequest, RequestIsDecided, ValueHasChanged
from resources.database import StoreCannotBeUsed
from resources.decisions import DecidedMeanwhile, DecidesOwnCause
from resources.holidays import InvalidHolidays
from resources.home import NotSetUp, RestoreBrokeOff, StoreNotNamed, UnknownEvaluation
from resources.ledger import NotText
from resources.locks import EvaluationIsBusy
from resources.migrations import ProgramIsOlder
from resources.refused import Refused
from resources.restoring import DamagedBackup, HomeHasData
from resources.runs import NotOpened
from resources.settings import BadSetting
from resources.states import MoveRefused
from resources.store import NotProducedYet

REFUSALS = (
    Refused,
    NotSetUp,
    StoreNotNamed,
    RestoreBrokeOff,
    UnknownEvaluation,
    TwoNamesNeeded,
    NoSuchRequest,
    RequestIsDecided,
    ValueHasChanged,
    DamagedArchive,
    DecidesOwnCause,
    DecidedMeanwhile,
    EvaluationIsBusy,
    NotOpened,
    NotProducedYet,
    NotText,
    MoveRefused,
    InvalidHolidays,
    InvalidContacts,
    AppealRefused,
    FileIsThere,
    DamagedBackup,
    HomeHasData,
    ProgramIsOlder,
    StoreCannotBeUsed,
    AccountRefused,
    BadSetting,
)

NO_ROOM = {errno.ENOSPC, errno.EFBIG, errno.EDQUOT}
NO_RIGHT = {errno.EROFS, errno.EACCES, errno.EPERM}


def told_of(fault: BaseException | None) -> list[str]:
    """What a step's failure means to a person: its refusal, or what of the whole does not hold; nothing where it is a
    fault of the program."""
    from checks.gate import WHOLE

    if isinstance(fault, REFUSALS):
        return [str(fault)]
    if isinstance(fault, OSError):
        return [told_of_disk(fault)]
    return [f"不成立：{words}" for name, words in WHOLE.items() if f": {name}" in str(fault)]


def told_of_disk(fault: OSError) -> str:
    """What a disk that takes nothing, or a path that leads nowhere, means to a person."""
    if fault.errno in NO_ROOM:
        return f"磁盘满了，没有写完，也没有记入台账。请腾出空间后再试。（{fault}）"
    if fault.errno in NO_RIGHT:
        return f"不能读写：{fault.filename}。请检查文件夹权限，或磁盘是否只读。（{fault}）"
    return f"不能读写：{fault.filename or '文件'}。请检查路径写得对不对。（{fault}）"
