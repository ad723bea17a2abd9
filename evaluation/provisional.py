"""Which scores are provisional: resting on figures that are not settled, or pending.

Here belongs how that passes from figures to items; what is not settled is said with the accepted values.
"""

import numpy as np

from evaluation.arithmetic import Bools
from evaluation.fates import ABSENT, PENDING
from evaluation.score_sheet import ScoreSheet


def provisional_items(sheet: ScoreSheet) -> Bools:
    """Items × units."""
    found = sheet.fate == PENDING
    for at, top in enumerate(sheet.inputs.plan.tops):
        for leaf in top.leaves():
            if leaf.item.reads_figure():
                open_units = sheet.inputs.provisional(leaf)
                if open_units is not None:
                    found[at] |= open_units & sheet.inputs.takes_part(leaf)
    found &= sheet.fate != ABSENT
    return np.asarray(found, dtype=bool)
