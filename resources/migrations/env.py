"""What Alembic runs: the steps on the connection that it is given, inside that connection's transaction."""

from alembic import context

from resources.migrations import VERSION_TABLE
from resources.tables import metadata


def ours(_object: object, name: str | None, kind: str, _reflected: bool, _compared: object) -> bool:
    """Dagster's tables may stand in the same database."""
    return kind != "table" or name in metadata.tables


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table=VERSION_TABLE,
    include_object=ours,
    render_as_batch=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
