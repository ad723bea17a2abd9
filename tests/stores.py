"""What a test says that holds on both databases whatever is asked for, or on the file of SQLite alone."""

from __future__ import annotations

import pytest
from conftest import STORES

on_sqlite = pytest.mark.parametrize("store_kind", ["sqlite"], indirect=True)
on_both_stores = pytest.mark.parametrize("store_kind", STORES, indirect=True)
