"""Which definition was in force when: what a form is held against."""

from resources.adoption import ADOPTED, digests_in_force
from resources.ledger import Ledger


def test_each_entry_has_the_definition_adopted_last_before_it(ledger: Ledger) -> None:
    start = ledger.head()[0]
    for digest in ("a", "b"):
        ledger.append("hexi-2025", ADOPTED, {"digest": digest})
        ledger.append("hexi-2025", "file_received", {"name": digest})
    found = digests_in_force(ledger, "hexi-2025", [start, start + 2, start + 4, start + 9], "lying")
    assert found == ["lying", "a", "b", "b"]
