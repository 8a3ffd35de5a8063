"""A court for each test."""

import pytest

from store.sql.db import Database
from tests.clock import Clock
from tests.store.sql.court import Court


@pytest.fixture
def court(db: Database, clock: Clock) -> Court:
    return Court(db, clock)
