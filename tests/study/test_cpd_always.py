"""Whatever somebody writes in whatever order, the year stands as a careful colleague would count it (B1)."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from cpd.schemes.reading import PACKS, read_pack
from cpd.study.regulator.rules import PeerTalk, Piece, PieceSaid, duty_in, standing_in, year_of

STEADY = settings(derandomize=True, deadline=None, max_examples=80, database=None)
RULES = read_pack(PACKS / "warwickshire.yaml").cpd_rules
WORDS = st.sampled_from(["", "genograms", "Genograms ", "court  skills", "court skills", "trauma"])
TALK = PeerTalk("My line manager or supervisor", date(2026, 1, 2), "To ask")
DAYS = st.integers(0, 800).map(lambda days: date(2025, 1, 1) + timedelta(days=days))
WRITTEN = st.lists(st.tuples(DAYS, WORDS, WORDS, st.booleans()), max_size=7)


@STEADY
@given(WRITTEN, DAYS)
def test_a_year_counts_each_different_finished_piece_once(written, today):
    year = year_of(today, RULES)
    pieces = [
        Piece(number, PieceSaid("Reading", "Of it", day, learnt, impact), TALK if with_peer else None)
        for number, (day, learnt, impact, with_peer) in enumerate(written, start=1)
    ]
    standing = standing_in(year, duty_in(year, RULES), pieces)

    heaps: dict[tuple[str, str], bool] = {}
    for day, learnt, impact, with_peer in written:
        if year.first_day <= day <= year.last_day and learnt.strip() and impact.strip():
            key = (" ".join(learnt.lower().split()), " ".join(impact.lower().split()))
            heaps[key] = heaps.get(key, False) or with_peer
    assert (standing.counted, standing.reflected) == (len(heaps), sum(heaps.values()))
    assert standing.is_done == (
        len(heaps) >= standing.duty.pieces and sum(heaps.values()) >= standing.duty.with_peer_reflection
    )


@STEADY
@given(DAYS)
def test_every_day_lies_in_one_year_and_the_next_day_in_the_same_or_the_next(day):
    year, after = year_of(day, RULES), year_of(day + timedelta(days=1), RULES)

    assert year.covers(day)
    assert year.first_day < year.opens_on <= year.last_day
    assert after == year or after.first_day == year.last_day + timedelta(days=1)
