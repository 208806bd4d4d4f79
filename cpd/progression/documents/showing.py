"""A document as it is shown: sections of plain words, made of the frozen content only; page and paper show the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any

from flask import current_app

from cpd.progression.documents.freezing import published_words
from cpd.progression.documents.panels import outcome_words
from cpd.progression.documents.reading import DocumentFacts, newest_of
from cpd.progression.documents.rules import Frozen, Occasion, Reading, check_code, for_reading
from cpd.progression.panels.showing import AsItWas, take_frozen_from
from cpd.progression.pathways.words import role_name
from cpd.shared.wording import and_words, counted, date_words

TITLES = {Occasion.PANEL: "Decision of a panel", Occasion.REQUEST: "Outcome of a request to progress"}
LEFT_OUT = (
    "What single members recommended is left out here: it is for the person, the panel, those who approve, and "
    "Workforce Development."
)
INVENTED = "made up for the demonstration"


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a document: sentences, pairs of a name and what stands there, and a table with its heading."""

    title: str
    words: Sequence[str] = ()
    pairs: Sequence[tuple[str, str]] = ()
    head: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()


@dataclass(frozen=True, slots=True)
class ShownDocument:
    """A document for a page and for paper."""

    id: int
    title: str
    caption: str
    organisation: str
    person_id: int
    is_own: bool
    name: str
    made: str
    result: str
    replaces: str
    replaced_by_id: int | None
    code: str
    content_hash: str
    key_fingerprint: str
    address: str
    is_whole: bool
    sections: Sequence[Section] = field(default_factory=list)


def shown_document(found: DocumentFacts, reading: Reading, *, is_own: bool) -> ShownDocument:
    """Put a document into words, as much of it as somebody may read; `is_own` says whether it is about herself."""
    content = for_reading(found.content, reading)
    is_whole = reading is Reading.WHOLE
    before = content.get("replaces")
    transition = content.get("transition")
    return ShownDocument(
        found.id,
        TITLES[found.occasion],
        transition["title"] if transition else "",
        content["organisation"]["name"],
        found.person_id,
        is_own,
        content["person"]["name"],
        date_words(found.made_on),
        content["decision"]["words"],
        f"Document {before['number']}, with the check code {check_code(before['sha256'])}" if before else "",
        found.replaced_by_id,
        check_code(found.content_hash),
        found.content_hash,
        found.key_fingerprint,
        f"{str(current_app.config['BASE_URL']).rstrip('/')}/progression/documents/check",
        is_whole,
        [each for each in _sections(content, is_whole=is_whole) if each.words or each.pairs or each.rows],
    )


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A document in a list."""

    id: int
    title: str
    step: str
    result: str
    made: str
    code: str
    is_replaced: bool


def shown_list(found: Sequence[DocumentFacts]) -> list[ShownRow]:
    """Put documents into words for a list."""
    rows = []
    for each in found:
        content = each.content
        step = content["transition"]["title"] if content.get("transition") else ""
        made, code = date_words(each.made_on), check_code(each.content_hash)
        is_replaced = each.replaced_by_id is not None
        rows.append(
            ShownRow(each.id, TITLES[each.occasion], step, content["decision"]["words"], made, code, is_replaced)
        )
    return rows


@take_frozen_from
def as_it_was(case_id: int) -> AsItWas | None:
    """Show the standing and the evidence that were frozen when a panel decided a case, or None. One query."""
    found = newest_of(Occasion.PANEL, case_id)
    if found is None:
        return None
    content = found.content
    shown = (*_standing(content), _evidence_list(content))
    return AsItWas(_day(content["decision"]["decided_on"]), [each for each in shown if each.words or each.rows])


def paper_values(shown: ShownDocument) -> dict[str, Any]:
    """Return what the paper shows."""
    return asdict(shown)


def _sections(content: Frozen, *, is_whole: bool) -> Iterator[Section]:
    """Go through the parts, what matters most first."""
    yield _decision(content)
    yield _about(content)
    for panel in content.get("panels", []):
        yield from _panel(panel, is_whole=is_whole, is_all=content["occasion"] == Occasion.REQUEST)
    yield _approvals(content)
    yield _change(content)
    yield _steps(content)
    yield from _standing(content)
    yield _evidence_list(content)
    yield _rules(content)


def _decision(content: Frozen) -> Section:
    decision = content["decision"]
    return Section(
        "What was decided",
        pairs=_pairs(
            ("Decision", decision["words"]),
            ("Decided on", _day(decision["decided_on"])),
            ("Reasons", decision["reasons"]),
            ("Support plan", decision["support_plan"]),
            ("Looked at again on", _day(decision["review_on"])),
            ("What comes next", decision["next_step"]),
            ("Appeal until", _day(decision.get("appeal_until"))),
        ),
    )


def _about(content: Frozen) -> Section:
    person, transition, request = content["person"], content.get("transition"), content.get("request")
    return Section(
        "Who it is about",
        pairs=_pairs(
            ("Name", person["name"]),
            ("Employee number", person["employee_number"]),
            ("Line manager on that day", person["manager"]),
            ("Career level before the decision", _before(content)),
            ("Step", f"{transition['from']} to {transition['to']}" if transition else ""),
            ("Asked for", _asked(request) if request else ""),
            ("Written with it", request["words"] if request else ""),
        ),
    )


def _before(content: Frozen) -> str:
    """Say at which career level somebody was when it was decided: a change may hold from that very day."""
    change = content.get("enactment")
    return str(change["from"] if change else content["person"]["career_level"])


def _asked(request: Frozen) -> str:
    """`By Nell Newly on 2 January 2019`."""
    by = request["requested_by"] or "the system, because the criteria were met"
    return f"By {by} on {_day(request['requested_at'])}"


def _panel(panel: Frozen, *, is_whole: bool, is_all: bool) -> Iterator[Section]:
    """Say who judged, and what it came to where that does not stand above; then what each member recommended."""
    judges = [f"{each['name']} ({role_name(each['role'])})" for each in panel["judges"]]
    words = [] if is_whole else [LEFT_OUT]
    if panel["kind"] == "young_people":
        words.append("The young people who judged have no names here; what they recommend is written down for them.")
    yield Section(
        panel["title"],
        words=words,
        pairs=_pairs(
            *(_outcome(panel) if is_all else []),
            ("Met on", _day(panel["met_on"])),
            ("Who judged", and_words(judges) if judges else ""),
            ("Written down by", panel["written_down_by"]),
            ("Who had not recommended", panel["missing"]),
            *[("Interest declared", f"{each['name']}: {each['words']}") for each in panel["interests"]],
            *[("Earlier decision", _earlier(each)) for each in panel["earlier"]],
        ),
    )
    yield Section(
        f"{panel['title']}: what each member recommended",
        head=("Who", "Recommends", "Why"),
        rows=[
            (f"{each['name']}{_in_role(each['role'])}", outcome_words(each["outcome"]), each["reasons"])
            for each in panel["recommendations"]
        ],
    )


def _outcome(panel: Frozen) -> list[tuple[str, str]]:
    """Say what a panel came to, and why."""
    return [
        ("Outcome", panel["outcome_words"]),
        ("Decided on", _day(panel["decided_on"])),
        ("Reasons", panel["reasons"]),
        ("Support plan", panel["support_plan"]),
        ("Looked at again on", _day(panel["review_on"])),
    ]


def _earlier(decision: Frozen) -> str:
    """`Fail on 2 January 2019; changed because: …`."""
    words = f"{outcome_words(decision['outcome'])} on {_day(decision['decided_on'])}"
    return f"{words}; changed because: {decision['because']}"


def _approvals(content: Frozen) -> Section:
    return Section(
        "Approvals",
        head=("Who", "Decision", "When", "Reasons"),
        rows=[
            (
                f"{each['name']}{_in_role(each['role'])}{_in_place(each['in_place_of'])}",
                "Approved" if each["approved"] else "Declined",
                _day(each["decided_at"]),
                each["reasons"],
            )
            for each in content.get("approvals", [])
        ],
    )


def _change(content: Frozen) -> Section:
    change = content.get("enactment")
    if change is None:
        return Section("The change")
    grades = f"{change['from_grade'] or 'not known'} to {change['to_grade'] or 'not known'}"
    return Section(
        "The change",
        pairs=_pairs(
            ("Career level", f"{change['from']} to {change['to']}"),
            ("Grade", grades),
            ("Full-time equivalent", change["fte"]),
            ("From", _day(change["effective_on"])),
            ("Made by", f"{change['name']}{_in_place(change['in_place_of'])} on {_day(change['enacted_at'])}"),
            ("Reasons", change["reasons"]),
        ),
    )


def _steps(content: Frozen) -> Section:
    """Say how long each step took."""
    return Section(
        "Steps of the request",
        head=("Step", "From", "To"),
        rows=[
            (each["who"], _day(each["opened_at"]) or "Not reached", _day(each["closed_at"]))
            for each in content.get("steps", [])
        ],
    )


def _standing(content: Frozen) -> Iterator[Section]:
    """Say how she stood, line by line; a flag is shown and was never in the way (AMB-36)."""
    standing = content.get("standing")
    if standing is None:
        yield Section("What was asked", words=["The rules have no step up to which this decision belongs."])
        return
    lines = standing["lines"]
    done = sum(each["state"] == "met" for each in lines)
    yield Section(
        f"What was done and still to do on {_day(standing['on'])}",
        words=[
            f"{standing['verdict_words']}."
            + (f" {done} of {counted(len(lines), 'criterion', 'criteria')} done." if lines else "")
        ],
        head=("Criterion", "Status", "Shown by"),
        rows=[_line(each) for each in lines],
    )
    yield Section(
        "Checked at reviews only",
        head=("What", "Status", "Shown by"),
        rows=[_line(each) for each in standing["flags"]],
    )


def _line(line: Frozen) -> Sequence[str]:
    title = f"{line['title']} ({INVENTED})" if line["is_invented"] else line["title"]
    words = [*line["words"], *([f"Next: {line['next_step']}"] if line["next_step"] else [])]
    return title, line["label"], " ".join(words)


def _evidence_list(content: Frozen) -> Section:
    return Section(
        "Evidence",
        head=("What", "When", "What it shows", "Accepted"),
        rows=[_evidence(each) for each in content.get("evidence", [])],
    )


def _evidence(item: Frozen) -> Sequence[str]:
    shows = ", ".join(item["statements"])
    accepted = f"By the {role_name(item['accepted_by'])}" if item["accepted_by"] else "Accepted"
    when = f", {_day(item['accepted_on'])}" if item["accepted_on"] else ""
    return f"{item['title']} ({item['kind']})", _day(item["on"]), shows, f"{accepted}{when}"


def _rules(content: Frozen) -> Section:
    rules = content["rules"]
    return Section(
        "By which rules",
        words=rules["assumptions"],
        pairs=_pairs(
            ("Published as", rules["title"]),
            ("Received by", f"{rules['body']}, {published_words(rules['published'])}"),
            ("Version of the scheme", str(rules["version"])),
            ("Fingerprint of that version", rules["sha256"]),
            ("Rules cited", ", ".join(rules["cites"])),
        ),
    )


def _pairs(*pairs: tuple[str, str | None]) -> list[tuple[str, str]]:
    """Leave out what does not stand there."""
    return [(name, words) for name, words in pairs if words]


def _in_role(role: str) -> str:
    return f" ({role_name(role)})" if role else ""


def _in_place(of: str) -> str:
    return f", in place of {of}" if of else ""


def _day(said: str | None) -> str:
    """Read a day or a moment that was frozen; moments show their day in the United Kingdom."""
    if not said:
        return ""
    return date_words(datetime.fromisoformat(said) if "T" in said else date.fromisoformat(said))
