"""Decisions for the auditor and for trade unions: every one of a period, and nobody named (C-4)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from cpd.progression.documents import reading
from cpd.progression.documents.freezing import role_words
from cpd.progression.documents.reading import DocumentFacts
from cpd.progression.documents.rules import Frozen, check_code
from cpd.progression.openness.rules import without_names
from cpd.schemes.pathway_shape import FAVOURABLE, StepKind
from cpd.shared import sealing
from cpd.shared.clock import in_london
from cpd.shared.tables import safe_cell
from cpd.shared.wording import and_words, counted, date_words

PER_PAGE = 20
HEADINGS = (
    "decision",
    "made_on",
    "occasion",
    "step",
    "decision_in_words",
    "reasons",
    "support_plan",
    "review_on",
    "rules_version",
    "rules_sha256",
    "lines_done",
    "days_by_step",
    "replaces_decision",
    "replaced_by_decision",
    "sha256",
    "verifies",
)
OCCASIONS = {"panel": "Decision of a panel", "request": "End of a request"}


@dataclass(frozen=True, slots=True)
class AuditedDecision:
    """One decision without names: `verifies` is what a check of its document has just come to."""

    number: int
    made_on: date
    occasion: str
    step: str
    decision: str
    reasons: str
    support_plan: str
    review_on: str
    version: int
    rules_hash: str
    lines: str
    steps: Sequence[str]
    replaces: int | None
    replaced_by: int | None
    code: str
    content_hash: str
    verifies: bool


@dataclass(frozen=True, slots=True)
class AuditPage:
    """One page of decisions, and how the history is sealed."""

    decisions: Sequence[AuditedDecision]
    number: int
    page: int
    pages: int
    seal: str
    sealed_at: datetime | None
    unsealed: int


def audit_page(organisation_id: int, first: date, last: date, page: int) -> AuditPage:
    """Read one page of a period's decisions. Four queries."""
    number = reading.count_between(organisation_id, first, last)
    pages = max(1, -(-number // PER_PAGE))
    page = min(max(page, 1), pages)
    found = reading.documents_between(organisation_id, first, last, limit=PER_PAGE, offset=(page - 1) * PER_PAGE)
    newest = sealing.newest_seal()
    return AuditPage(
        [audited(each) for each in found],
        number,
        page,
        pages,
        f"{newest.number}:{newest.hash}" if newest else "",
        newest.sealed_at if newest else None,
        sealing.count_unsealed(),
    )


def audit_csv(organisation_id: int, first: date, last: date) -> bytes:
    """Write a row for each decision of a period, for a spreadsheet. One query."""
    rows = (audited(each) for each in reading.documents_between(organisation_id, first, last))
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(HEADINGS)
    for cells in _cells(rows):
        writer.writerow([safe_cell(str(cell)) for cell in cells])
    return text.getvalue().encode("utf-8-sig")


def audited(found: DocumentFacts) -> AuditedDecision:
    """Show a document without the names of those concerned."""
    content = found.content
    decision, people = content["decision"], people_in(content)
    transition = content.get("transition")
    return AuditedDecision(
        found.id,
        found.made_on,
        OCCASIONS[found.occasion],
        transition["title"] if transition else "",
        decision["words"],
        without_names(decision["reasons"], people) or grounds_of(content),
        without_names(decision["support_plan"], people),
        decision["review_on"] or "",
        content["rules"]["version"],
        content["rules"]["sha256"],
        _lines(content),
        [_days(each) for each in content.get("steps", []) if each["opened_at"]],
        found.replaces_id,
        found.replaced_by_id,
        check_code(found.content_hash),
        found.content_hash,
        reading.checked(found).is_well,
    )


def people_in(content: Frozen) -> dict[str, str]:
    """Return everybody whom a document names, with the words that stand in the place of her name."""
    people = {content["person"]["name"]: "the person"}
    named = [(content["person"].get("manager", ""), "the line manager")]
    for panel in content.get("panels", []):
        named += [(each["name"], "a member of the panel") for each in panel["judges"]]
        named += [(each["name"], "a member of the panel") for each in panel["recommendations"]]
        named += [(each["name"], "who declared an interest") for each in panel["interests"]]
        named += [(panel["written_down_by"], "who wrote it down")]
    for each in content.get("approvals", []):
        named += [(each["name"], role_words(each["role"]).lower()), (each["in_place_of"], "who was away")]
    if enactment := content.get("enactment"):
        named += [(enactment["name"], "who made the change"), (enactment["in_place_of"], "who was away")]
    if request := content.get("request"):
        named += [(request["requested_by"], "who asked for it")]
    for name, part in named:
        if name:
            people.setdefault(name, part)
    return people


def grounds_of(content: Frozen) -> str:
    """`Made by the operations manager, on the recommendation of the managers' panel.`; empty: no change was made."""
    change = content.get("enactment")
    if change is None:
        return ""
    makers = [each["who"].lower() for each in content.get("steps", []) if each["kind"] == StepKind.ENACTMENT]
    panels = [f"the {each['title']}" for each in content.get("panels", []) if each["outcome"] in FAVOURABLE]
    approvers = [f"the {role_words(each['role']).lower()}" for each in content["approvals"] if each["approved"]]
    said = [f"Made by the {and_words(makers)}" if makers else "Made"]
    said += [f"on the recommendation of {and_words(panels)}"] if panels else []
    said += [f"with the approval of {and_words(approvers)}"] if approvers else []
    reasons = without_names(change["reasons"], people_in(content))
    return f"{', '.join(said)}. {reasons}".strip()


def _lines(content: Frozen) -> str:
    """`4 of 5 criteria done`."""
    standing = content.get("standing")
    if not standing or not standing["lines"]:
        return "No criteria published"
    done = sum(each["state"] == "met" for each in standing["lines"])
    return f"{done} of {counted(len(standing['lines']), 'criterion', 'criteria')} done"


def _days(step: Frozen) -> str:
    """`Assistant director: 12 days`."""
    opened = in_london(datetime.fromisoformat(step["opened_at"])).date()
    if not step["closed_at"]:
        return f"{step['who']}: not decided"
    closed = in_london(datetime.fromisoformat(step["closed_at"])).date()
    return f"{step['who']}: {counted((closed - opened).days, 'day')}"


def _cells(rows: Iterable[AuditedDecision]) -> Iterable[Sequence[object]]:
    """Put decisions into the columns of the file."""
    for each in rows:
        yield (
            each.number,
            each.made_on.isoformat(),
            each.occasion,
            each.step,
            each.decision,
            each.reasons,
            each.support_plan,
            each.review_on,
            each.version,
            each.rules_hash,
            each.lines,
            "; ".join(each.steps),
            each.replaces or "",
            each.replaced_by or "",
            each.content_hash,
            "yes" if each.verifies else "no",
        )


def sealed_words(page: AuditPage) -> str:
    """`Seal 12, made on 2 January 2019`."""
    if page.sealed_at is None:
        return "Nothing is sealed yet"
    return f"Seal {page.seal.partition(':')[0]}, made on {date_words(page.sealed_at)}"
