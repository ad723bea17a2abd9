"""decisions"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    with op.batch_alter_table("findings", schema=None) as batch_op:
        batch_op.add_column(sa.Column("finding_id", sa.String(), nullable=True, comment="编号"))
        batch_op.add_column(sa.Column("accepted_by", sa.String(), nullable=True, comment="认可人"))
        batch_op.add_column(sa.Column("replaced_by", sa.String(), nullable=True, comment="已由台账第几号文件重新报送"))

    with op.batch_alter_table("submitted_claims", schema=None) as batch_op:
        batch_op.add_column(sa.Column("claim_id", sa.String(), nullable=True, comment="编号"))
        batch_op.add_column(sa.Column("decision", sa.String(), nullable=True, comment="核定"))
        batch_op.add_column(sa.Column("decided_by", sa.String(), nullable=True, comment="核定人"))
        batch_op.add_column(sa.Column("decided_because", sa.String(), nullable=True, comment="核定理由"))
