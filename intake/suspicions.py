"""Values that are read for certain and yet may not be meant: held until a person decides.

Here belongs only what the form of the number makes doubtful. Ranges and growth are judged in `checks/`.
"""

from decimal import Decimal

import numpy as np

from intake.amounts import Amounts
from intake.coded import Coded, coded
from intake.keys import Catalogue
from intake.verdicts import Verdicts, mask_of


def hold_suspect_fractions(
    verdicts: Verdicts,
    units: Coded[str],
    codes: Coded[str],
    wanted: Coded[str],
    amounts: Amounts,
    catalogue: Catalogue,
) -> None:
    """A percentage of at most 1 whose history is above 1: 0.98 may stand for 98 %. Written `0.98%` it is meant."""
    if not catalogue.past_percentages or "%" not in wanted.distinct:
        return
    keys = units.beside(codes)
    watched = wanted.where(lambda unit: unit == "%") & keys.where(lambda key: key in catalogue.past_percentages)
    watched &= amounts.suffixes.where(lambda suffix: not suffix) & mask_of(amounts.values != "")
    if not watched.any():
        return
    small = np.zeros(len(watched), dtype=bool)
    small[watched] = coded(amounts.values[watched]).where(lambda value: 0 < abs(Decimal(value)) <= 1)
    past = keys.map(lambda key: f"上年为 {catalogue.past_percentages.get(key, '')}%")
    verdicts.add("SUSPECT_FRACTION", small, verdicts.rows.kind.value, past)
