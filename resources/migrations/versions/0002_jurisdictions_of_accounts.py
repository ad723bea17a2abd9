"""jurisdictions of accounts"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    with op.batch_alter_table("accounts", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "jurisdictions",
                sa.String(),
                server_default="",
                nullable=False,
                comment="只看哪些辖区的考核，以空格隔开；空：全部",
            )
        )
