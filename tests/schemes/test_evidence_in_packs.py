"""What a pack may say of evidence and of what modules show; whatever does not fit is refused with its line."""

import pytest

from cpd.schemes.pathway_shape import JUDGES_OF_EVIDENCE, EvidenceKind
from cpd.schemes.problems import PackRefused
from cpd.schemes.reading import read_pack
from cpd.shared.permissions import PERMISSIONS, Action

PACK = """\
organisation: {code: town, name: Town Council}
version: 1
source: {title: A report, body: A committee, published: 2019-01, cites: [W-1]}
modules:
  - {code: A1, title: First, module_format: taught, shows: [PCF-6, PQS-1], cites: [W-1]}
evidence_kinds:
  - code: folder
    title: Folder
    is_portfolio: true
    accepted_by: [assessor]
    contents:
      - {code: seen, title: Seen, count: 3, cites: [W-1]}
      - {code: said, title: Said, is_invented: true, cites: [W-1]}
    cites: [W-1]
"""


def test_a_kind_of_evidence_says_what_has_to_be_in_it():
    (kind,) = read_pack(PACK).evidence_kinds

    assert [(each.code, each.count, each.is_invented) for each in kind.contents] == [
        ("seen", 3, False),
        ("said", 1, True),
    ]
    assert read_pack(PACK).modules[0].shows == ("PCF-6", "PQS-1")


@pytest.mark.parametrize(
    ("right", "wrong", "line", "reason"),
    [
        ("code: said", "code: seen", 7, "has seen in it twice: give its count instead"),
        ("code: folder", "code: coverage", 7, "is called coverage, which is the address of a page"),
        ("[assessor]", "[hr]", 7, "is accepted by the role hr, which judges no evidence"),
        ("count: 3", "count: 0", 12, "count"),
        ("PCF-6", "PCF-10", 5, "shows PCF-10, which no framework has: write it like PCF-6"),
        ("PCF-6", "6", 5, "shows"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_line(right, wrong, line, reason):
    with pytest.raises(PackRefused) as refused:
        read_pack(PACK.replace(right, wrong, 1))

    assert any(reason in each.reason and each.line == line for each in refused.value.problems), refused.value.problems


def test_whoever_can_be_named_to_accept_evidence_has_the_page_for_it():
    assert PERMISSIONS[Action.ACCEPT_EVIDENCE] == JUDGES_OF_EVIDENCE
    assert EvidenceKind(code="plain", title="Plain").contents == ()
