"""Makes the next step: what `resources/tables.py` has and the newest step has not (`make migration NAME=…`)."""

from __future__ import annotations

import sys

import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from resources.migrations import FOLDER, steps


def make(message: str) -> None:
    """Write `versions/<number>_<message>.py`, to be read and committed."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    with sa.create_engine("sqlite://").begin() as connection:
        config.attributes["connection"] = connection
        if steps():
            command.upgrade(config, "head")
        command.revision(config, message, autogenerate=True, rev_id=f"{len(steps()) + 1:04}")


if __name__ == "__main__":
    make(sys.argv[1])
