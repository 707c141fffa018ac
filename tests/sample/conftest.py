"""The sample portfolio, made once for all tests of it."""

from __future__ import annotations

import polars as pl
import pytest

from pipeline.sample.portfolio import canonical_frames


@pytest.fixture(scope="session")
def frames() -> dict[str, pl.DataFrame]:
    return canonical_frames()
