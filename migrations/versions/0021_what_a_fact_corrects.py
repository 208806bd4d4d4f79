"""what a fact corrects

Revision ID: 0021
Revises: 0020
"""
from datetime import timedelta

from alembic import op
import sqlalchemy as sa

import cpd.shared.database


revision = '0021'
down_revision = '0020'
branch_labels = None
depends_on = None

ONE_ACT = timedelta(seconds=10)
"""Until now a fact was taken for the correction of one that was ended so shortly before it was written."""


def upgrade():
    with op.batch_alter_table('record_fact', schema=None) as batch_op:
        batch_op.add_column(sa.Column('corrects_id', sa.Integer(), nullable=True))
        batch_op.create_foreign_key(op.f('fk_record_fact_corrects_id'), 'record_fact', ['corrects_id'], ['id'])
        batch_op.create_check_constraint('corrects_an_earlier_one', 'corrects_id < id')
    moment = cpd.shared.database.UtcDateTime()
    fact = sa.table('record_fact', *(sa.column(name, sa.Integer()) for name in ('id', 'person_id', 'corrects_id')),
                    sa.column('kind'), sa.column('subject'),
                    sa.column('recorded_at', moment), sa.column('superseded_at', moment))
    rows = op.get_bind().execute(sa.select(fact).order_by(fact.c.id)).all()
    about = {}
    for row in rows:
        about.setdefault((row.person_id, row.kind, row.subject), []).append(row)
    for said in about.values():
        for ended in said:
            if ended.superseded_at is None:
                continue
            after = (each for each in said
                     if each.id > ended.id and timedelta() <= each.recorded_at - ended.superseded_at <= ONE_ACT)
            if correction := next(after, None):
                op.get_bind().execute(
                    sa.update(fact).where(fact.c.id == correction.id).values(corrects_id=ended.id))


def downgrade():
    with op.batch_alter_table('record_fact', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_record_fact_corrects_an_earlier_one'), type_='check')
        batch_op.drop_constraint(op.f('fk_record_fact_corrects_id'), type_='foreignkey')
        batch_op.drop_column('corrects_id')
