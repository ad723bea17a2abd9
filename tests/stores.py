"""What a test module says whose tests hold on both databases."""

from __future__ import annotations

import pytest
from conftest import STORES

on_both_stores = pytest.mark.parametrize("store_kind", STORES, indirect=True)
