"""Who may see whom, how posts follow one another, what a password must be, and when a limit is reached."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from difflib import SequenceMatcher
from enum import StrEnum

from cpd.shared.roles import Role

SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 200
FEWEST_DIFFERENT = 5
ALIKE = 0.8

COMMON_PASSWORDS = frozenset(
    """1234567890 0987654321 administrator changeme childrensservices demonstration iloveyou letmein newpassword
    passphrase password passw0rd p@ssword p@ssw0rd qwerty qwertyuiop secret socialcare socialwork socialworker
    sunshine superman training trustno welcome""".split()  # noqa: SIM905 - a list of words reads as one
)
"""Words of which a password may not consist, however often repeated and whatever digits follow."""

RUNS = tuple(row * 2 for row in ("1234567890" * 10, "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm"))
"""Rows of keys and letters: a part of one, forwards or backwards, is what everybody tries."""


@dataclass(frozen=True, slots=True)
class PostFacts:
    """What a person is employed as on one day, as far as rules ask."""

    person_id: int
    organisation_id: int
    staff_type: str
    career_level: str
    team_id: int | None
    team_name: str
    manager_id: int | None
    person_name: str = ""


def manages(viewer_id: int, post: PostFacts | None) -> bool:
    """Say whether the viewer manages the person who has this post on the day that it is the post of."""
    return post is not None and post.manager_id == viewer_id


def may_see_person(
    viewer_id: int,
    organisation_id: int,
    roles: Collection[Role],
    person_id: int,
    employer_id: int,
    post: PostFacts | None,
) -> bool:
    """Say whether the viewer may see a person's record: her own, her staff's on that day, or as Workforce Development.

    Nobody sees the people of another organisation (W-18); `post` is the person's post on the day of asking.
    """
    if viewer_id == person_id:
        return True
    return organisation_id == employer_id and (manages(viewer_id, post) or Role.WORKFORCE_DEVELOPMENT in roles)


PersonKey = tuple[int, str]
"""What makes somebody herself in HR's files: her organisation's id and her employee number."""


@dataclass(frozen=True, slots=True)
class PostTerms:
    """What a post is: team, manager, career level and grade (AMB-10), the kind of staff, and the FTE (AMB-39)."""

    team: str = ""
    manager: PersonKey | None = None
    career_level: str = ""
    grade: str = ""
    staff_type: str = "employee"
    fte: Decimal = Decimal(1)


BY_FILE = "people file"
BY_DECISION = "progression"
"""Where a post's terms come from: HR's file, or a change of career level that people decided on (AMB-03)."""


@dataclass(frozen=True, slots=True)
class DatedPost:
    """A post from `starts_on` until the day before `ends_on` (None: still). One not yet kept has no id."""

    terms: PostTerms
    starts_on: date
    ends_on: date | None
    id: int | None = None
    source: str = field(default=BY_FILE, compare=False)


@dataclass(frozen=True, slots=True)
class PostHeld:
    """What counts of a post in time: its career level and its FTE, until the day before `ends_on` (None: still)."""

    starts_on: date
    ends_on: date | None
    career_level: str
    fte: Decimal


@dataclass(frozen=True, slots=True)
class PostInTime:
    """One post of somebody's, until the day before `ends_on` (None: still); `by_decision` says that people decided it.

    `team` is its name, empty where HR's file names none.
    """

    person_id: int
    person_name: str
    starts_on: date
    ends_on: date | None
    career_level: str
    team: str
    staff_type: str
    manager_id: int | None
    by_decision: bool


@dataclass(frozen=True, slots=True)
class PostChange:
    """Which posts are superseded, and which stand instead."""

    superseded: tuple[DatedPost, ...]
    added: tuple[DatedPost, ...]


@dataclass(frozen=True, slots=True)
class DecidedLevel:
    """A career level that people decided on, the day on which it begins, and the level until then (empty: none)."""

    career_level: str
    from_day: date
    before: str


def change_of_posts(
    held: Sequence[DatedPost], terms: PostTerms, starts_on: date | None, ends_on: date | None, today: date
) -> PostChange | None:
    """Say what a file's row changes in the posts that somebody holds; None when it says what is known already.

    The row is what holds from its start on: a post that began before ends there, and one that began on
    that day or later is superseded. A row without a start means the newest post, unless its terms are
    new: then those hold from today. `held` is in the order of time.

    A decided career level is a dated fact of its own, which no file starts, ends or dates anew (AMB-03): beside it
    each day keeps the level and grade that it has, and all the rest of the post is as the row says, on the row's days.
    """
    decided = decided_level(held, terms.career_level, starts_on)
    start = _start(held, _with_level_of(held[-1], terms) if decided else terms, starts_on, ends_on, today)
    decided = decided or decided_level(held, terms.career_level, start)
    whole = DatedPost(terms, start, ends_on)
    said = _with_levels_kept(held, decided, whole) if decided else [whole]
    touched = [post for post in held if post.ends_on is None or post.ends_on > start or post.starts_on >= start]
    shortened = [replace(post, ends_on=start, id=None) for post in touched if post.starts_on < start]
    stands = [*shortened, *said]
    return None if stands == [replace(post, id=None) for post in touched] else PostChange(tuple(touched), tuple(stands))


def decided_level(held: Sequence[DatedPost], career_level: str, starts_on: date | None) -> DecidedLevel | None:
    """Return the decision beside which the career level of a file's row does not count, or None (AMB-03).

    It counts where the row begins after the decided day. But the level before the decision is only believed of
    somebody who left in between, or once a row that begins later has told the new one: until then the file is stale.
    """
    levels = _levels(held)
    at = next((place for place in reversed(range(len(levels))) if levels[place].source == BY_DECISION), None)
    if at is None:
        return None
    decided, is_newest = levels[at], at == len(levels) - 1
    before = levels[at - 1].terms.career_level if at else ""
    left = starts_on is not None and held[-1].ends_on is not None and held[-1].ends_on < starts_on
    begins_later = starts_on > decided.starts_on if starts_on else not is_newest
    if begins_later and (left or not is_newest or career_level != before):
        return None
    return DecidedLevel(decided.terms.career_level, decided.starts_on, before)


def _levels(held: Sequence[DatedPost]) -> list[DatedPost]:
    """Return the first post of each career level and grade in the order of time, decided ones and others apart."""
    found: list[DatedPost] = []
    for post in held:
        if not found or _level_of(found[-1]) != _level_of(post):
            found.append(post)
    return found


def _level_of(post: DatedPost) -> tuple[str, str, bool]:
    """Return the career level and the grade of a post, and whether they were decided on."""
    return post.terms.career_level, post.terms.grade, post.source == BY_DECISION


def _with_levels_kept(held: Sequence[DatedPost], decided: DecidedLevel, said: DatedPost) -> list[DatedPost]:
    """Part what a row says where the career level changes, until the decided one, which goes on.

    Of a time before the first post only the row speaks; that is not dated back to a level that was decided.
    """
    levels = [each for each in _levels(held) if each.starts_on <= decided.from_day]
    if levels[0].source == BY_DECISION:
        levels.insert(0, replace(said, ends_on=None))
    ends = [each.starts_on for each in levels[1:]] + [None]
    parts = []
    for each, next_starts_on in zip(levels, ends, strict=True):
        starts_on = said.starts_on if each is levels[0] else max(said.starts_on, each.starts_on)
        ends_on = min((day for day in (said.ends_on, next_starts_on) if day), default=None)
        if ends_on is None or starts_on < ends_on:
            parts.append(DatedPost(_with_level_of(each, said.terms), starts_on, ends_on, source=each.source))
    return parts


def _with_level_of(post: DatedPost, terms: PostTerms) -> PostTerms:
    """Return these terms with the career level and the grade of a post."""
    return replace(terms, career_level=post.terms.career_level, grade=post.terms.grade)


def _start(
    held: Sequence[DatedPost], terms: PostTerms, starts_on: date | None, ends_on: date | None, today: date
) -> date:
    """Return the day from which a row holds; never the day on which its post is over already."""
    if starts_on is not None:
        return starts_on
    start = today
    if held:
        newest_since = _filed_since(held)
        if held[-1].terms == terms or ends_on is not None or newest_since >= today:
            start = newest_since
    return start if ends_on is None else min(start, ends_on - timedelta(days=1))


def _filed_since(held: Sequence[DatedPost]) -> date:
    """Return the day on which the newest post began in HR's file: a level decided in the midst of it begins none."""
    newest = held[-1]
    for earlier in reversed(held[:-1]):
        goes_on = earlier.ends_on == newest.starts_on and _with_level_of(newest, earlier.terms) == newest.terms
        is_decided_here = newest.source == BY_DECISION and _level_of(newest) != _level_of(earlier)
        if not (is_decided_here and goes_on):
            break
        newest = earlier
    return newest.starts_on


def circles(manager_of: Mapping[PersonKey, PersonKey | None]) -> list[list[PersonKey]]:
    """List each circle in which people would manage one another, as the way round it."""
    found = []
    seen: dict[PersonKey, PersonKey] = {}
    for start in manager_of:
        path: list[PersonKey] = []
        at: PersonKey | None = start
        while at is not None and at not in seen:
            seen[at] = start
            path.append(at)
            at = manager_of.get(at)
        if at is not None and seen[at] == start:
            found.append(path[path.index(at) :])
    return found


def has_left(ends: Collection[date | None], today: date) -> bool:
    """Say whether somebody's posts have all ended; who never had one, or has one ahead, has not left."""
    return bool(ends) and all(ends_on is not None and ends_on <= today for ends_on in ends)


class AwayKind(StrEnum):
    """What sort of time away it is; why somebody is on leave is nobody's business here (B8)."""

    LEAVE = "leave"
    PAUSE = "pause"
    CAREER_BREAK = "career_break"


@dataclass(frozen=True, slots=True)
class Away:
    """Days on which somebody is away, the first and the last included (None: still away)."""

    kind: AwayKind
    first_day: date
    last_day: date | None
    id: int | None = None

    def covers(self, day: date) -> bool:
        """Say whether she is away on a day."""
        return self.first_day <= day and (self.last_day is None or day <= self.last_day)

    def overlaps(self, other: Away) -> bool:
        """Say whether both speak of one day."""
        return other.covers(self.first_day) or self.covers(other.first_day)


class AwayFault(StrEnum):
    """Why time away cannot be kept."""

    OWN = "own"
    ENDS_FIRST = "ends_first"
    OVERLAPS = "overlaps"
    NO_LONGER_IN_FORCE = "no_longer_in_force"


def faults_of_away(said: Away, others: Collection[Away]) -> list[AwayFault]:
    """List what is wrong with time away beside what else is kept of the same person (B8)."""
    if said.last_day is not None and said.last_day < said.first_day:
        return [AwayFault.ENDS_FIRST]
    return [AwayFault.OVERLAPS] if any(said.overlaps(each) for each in others) else []


class PasswordFault(StrEnum):
    """Why a password cannot be taken."""

    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    LIKE_EMAIL = "like_email"
    EASY_TO_GUESS = "easy_to_guess"


def faults_of_password(password: str, email: str) -> list[PasswordFault]:
    """List what is wrong with a new password (B8: long rather than complicated; never one that everybody tries)."""
    plain = unicodedata.normalize("NFKC", password).casefold()
    name = email.casefold().partition("@")[0]
    word = re.sub(r"[\W\d_]*$", "", plain)
    repeated = re.fullmatch(r"(.+?)\1+", word)
    common = not COMMON_PASSWORDS.isdisjoint({plain, word, repeated[1] if repeated else word})
    run = any(plain in row or plain[::-1] in row for row in RUNS)
    faults = {
        PasswordFault.TOO_SHORT: len(password) < SHORTEST_PASSWORD,
        PasswordFault.TOO_LONG: len(password) > LONGEST_PASSWORD,
        PasswordFault.LIKE_EMAIL: plain == email.casefold() or name in (word, plain),
        PasswordFault.EASY_TO_GUESS: common or run or len(set(plain)) < FEWEST_DIFFERENT,
    }
    return [fault for fault, found in faults.items() if found]


def opens_again_at(tries: Sequence[datetime], most: int, within: timedelta) -> datetime | None:
    """Return when one more may be tried where `most` are allowed within a time, or None when it may be now."""
    return sorted(tries)[-most] + within if len(tries) >= most else None


def local_path(address: str | None) -> str:
    """Return the address if it leads to a page of this very service, or else the start page.

    Browsers take a backslash for a slash and leave out tabs and line breaks, so none may be in it.
    """
    return address if address and re.fullmatch(r"/(?!/)[!-\[\]-~]*", address) else "/"


def folded(text: str) -> str:
    """Reduce text to what people type when they look for somebody: `Zoë O'Neill` is `zoe oneill`."""
    letters = unicodedata.normalize("NFKD", text.replace("'", "").replace("\u2019", "")).casefold()
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def closeness(words: str, name: str, email: str, employee_number: str) -> int | None:
    """Say how well somebody fits what was typed: 0 best; None not at all.

    Exactly her number or address, then each word begins a part of them, then stands somewhere in them,
    then is spelled nearly like one.
    """
    typed = folded(words).split()
    if not typed:
        return None
    number, address = folded(employee_number), folded(email)
    if " ".join(typed) in (number, address):
        return 0
    whole = f"{folded(name)} {address} {number}"
    parts = [part for part in re.split(r"[^\w]+", whole) if part]
    fits: tuple[Callable[[str], bool], ...] = (
        lambda word: any(part.startswith(word) for part in parts),
        lambda word: word in whole,
        lambda word: any(_alike(word, part) for part in parts),
    )
    return next((rank for rank, fit in enumerate(fits, start=1) if all(fit(word) for word in typed)), None)


def _alike(word: str, part: str) -> bool:
    """Say whether two words differ by about one letter in five."""
    if abs(len(word) - len(part)) > 2:  # noqa: PLR2004 - spares the comparison of what cannot be alike
        return False
    matcher = SequenceMatcher(None, word, part, autojunk=False)
    return matcher.quick_ratio() >= ALIKE and matcher.ratio() >= ALIKE
