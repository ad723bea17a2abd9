"""What a command refuses in words: expected exceptions whose message tells the person what to do."""

from resources.adoption import TwoNamesNeeded
from resources.appeals import AppealRefused
from resources.archive import DamagedArchive
from resources.backup import FileIsThere
from resources.corrections import NoSuchRequest, ValueHasChanged
from resources.database import StoreCannotBeUsed
from resources.holidays import InvalidHolidays
from resources.home import UnknownEvaluation
from resources.locks import EvaluationIsBusy
from resources.migrations import ProgramIsOlder
from resources.restoring import DamagedBackup, HomeHasData
from resources.runs import NotOpened
from resources.states import MoveRefused


class Refused(Exception):
    """An argument that names nothing, or a request that cannot be met; the message is for the person who asked."""


REFUSALS = (
    Refused,
    UnknownEvaluation,
    TwoNamesNeeded,
    NoSuchRequest,
    ValueHasChanged,
    DamagedArchive,
    EvaluationIsBusy,
    NotOpened,
    MoveRefused,
    InvalidHolidays,
    AppealRefused,
    FileIsThere,
    DamagedBackup,
    HomeHasData,
    ProgramIsOlder,
    StoreCannotBeUsed,
)
