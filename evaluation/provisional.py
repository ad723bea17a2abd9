"""Which scores are provisional: resting on figures that are not settled, or pending.

Here belongs the question alone; items find the answer when they are settled, in `settling.py`.
"""

from evaluation.arithmetic import Bools
from evaluation.score_sheet import ScoreSheet


def provisional_items(sheet: ScoreSheet) -> Bools:
    """Items × units."""
    return sheet.provisional
