"""Registers, the marks in them, and links for facilitators from outside; a mark is never changed or deleted

Revision ID: 0003
Revises: 0002
"""
from alembic import op
import sqlalchemy as sa

import cpd.shared.database


revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('register_link',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('training_session_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('made_at', cpd.shared.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('made_by_id', sa.Integer(), nullable=False),
    sa.Column('revoked_at', cpd.shared.database.UtcDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['made_by_id'], ['person.id'], name=op.f('fk_register_link_made_by_id')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_register_link_organisation_id')),
    sa.ForeignKeyConstraint(['training_session_id'], ['training_session.id'], name=op.f('fk_register_link_training_session_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_register_link'))
    )
    with op.batch_alter_table('register_link', schema=None) as batch_op:
        batch_op.create_index('ix_register_link_session', ['training_session_id'], unique=False)

    op.create_table('register',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('session_day_id', sa.Integer(), nullable=False),
    sa.Column('closed_at', cpd.shared.database.UtcDateTime(timezone=True), nullable=True),
    sa.Column('closed_by_id', sa.Integer(), nullable=True),
    sa.Column('reopened_at', cpd.shared.database.UtcDateTime(timezone=True), nullable=True),
    sa.Column('reopen_reason', sa.String(), nullable=True),
    sa.ForeignKeyConstraint(['closed_by_id'], ['person.id'], name=op.f('fk_register_closed_by_id')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_register_organisation_id')),
    sa.ForeignKeyConstraint(['session_day_id'], ['session_day.id'], name=op.f('fk_register_session_day_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_register')),
    sa.UniqueConstraint('session_day_id', name=op.f('uq_register_session_day_id'))
    )
    op.create_table('mark',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('register_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('attendance_status', sa.String(), nullable=False),
    sa.Column('minutes', sa.Integer(), nullable=True),
    sa.Column('marked_at', cpd.shared.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('marked_by_id', sa.Integer(), nullable=True),
    sa.Column('register_link_id', sa.Integer(), nullable=True),
    sa.Column('source', sa.String(), nullable=False),
    sa.Column('tap', sa.String(), nullable=True),
    sa.Column('supersedes_id', sa.Integer(), nullable=True),
    sa.CheckConstraint("(attendance_status = 'part_attended') = (minutes IS NOT NULL)", name=op.f('ck_mark_minutes_of_a_part')),
    sa.CheckConstraint("attendance_status IN ('attended', 'part_attended', 'absent', 'excused', 'unmarked')", name=op.f('ck_mark_known_status')),
    sa.ForeignKeyConstraint(['marked_by_id'], ['person.id'], name=op.f('fk_mark_marked_by_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_mark_person_id')),
    sa.ForeignKeyConstraint(['register_id'], ['register.id'], name=op.f('fk_mark_register_id')),
    sa.ForeignKeyConstraint(['register_link_id'], ['register_link.id'], name=op.f('fk_mark_register_link_id')),
    sa.ForeignKeyConstraint(['supersedes_id'], ['mark.id'], name=op.f('fk_mark_supersedes_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_mark')),
    sa.UniqueConstraint('register_id', 'person_id', 'tap', name=op.f('uq_mark_register_id_person_id_tap')),
    sa.UniqueConstraint('supersedes_id', name=op.f('uq_mark_supersedes_id'))
    )
    with op.batch_alter_table('mark', schema=None) as batch_op:
        batch_op.create_index('ix_mark_register', ['register_id', 'person_id'], unique=False)
        batch_op.create_index('uq_mark_first', ['register_id', 'person_id'], unique=True, sqlite_where=sa.text('supersedes_id IS NULL'), postgresql_where=sa.text('supersedes_id IS NULL'))

    if op.get_bind().dialect.name == 'sqlite':
        for act in ('update', 'delete'):
            op.execute(f"CREATE TRIGGER mark_no_{act} BEFORE {act.upper()} ON mark BEGIN SELECT RAISE(ABORT, 'mark is append-only'); END")
    else:
        op.execute('CREATE TRIGGER mark_no_change BEFORE UPDATE OR DELETE ON mark FOR EACH ROW EXECUTE FUNCTION refuse_change()')


def downgrade():
    op.drop_table('mark')
    op.drop_table('register')
    op.drop_table('register_link')
