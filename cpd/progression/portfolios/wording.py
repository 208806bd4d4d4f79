"""Evidence in words: how it stands, what was done, what was found in it, and why something is refused."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from cpd.progression.pathways.words import role_name
from cpd.progression.portfolios.identifiers import IdentifierKind
from cpd.progression.portfolios.rules import LINE_MANAGER, ONLY, OTHER, WHOLE, Fault, Happening, PortfolioStatus
from cpd.progression.portfolios.texts import FileRead
from cpd.schemes.framework import Titles, frameworks, frameworks_on
from cpd.schemes.pathway_shape import EvidenceKind
from cpd.shared.wording import and_words

Label = tuple[str, str]

REMINDER = (
    "Write so that nobody can tell which child or family it is about: no names, addresses, dates of birth or numbers."
)

NO_NAMES = "No names or numbers of children, families or cases."
"""The same in short, at each field."""

STATES: dict[PortfolioStatus, Label] = {
    PortfolioStatus.PREPARING: ("You are preparing it", "open"),
    PortfolioStatus.HANDED_IN: ("Handed in", "waiting"),
    PortfolioStatus.RETURNED: ("Returned with comments", "attention"),
    PortfolioStatus.ACCEPTED: ("Accepted", "done"),
    PortfolioStatus.SET_ASIDE: ("Acceptance taken back", "neutral"),
}
"""How it stands, for her: the words and the tone of a status tag."""

STATES_OF_SOMEBODY = STATES | {PortfolioStatus.PREPARING: ("Being prepared", "neutral")}
"""The same for those who look at somebody's."""

NOT_BEGUN: Label = ("Not begun", "neutral")

HAPPENINGS = {
    Happening.HANDED_IN: "Handed in",
    Happening.TAKEN_BACK: "Taken back to be changed",
    Happening.OPENED: "Opened to be looked at",
    Happening.ACCEPTED: "Accepted",
    Happening.RETURNED: "Returned with comments",
    Happening.RECORDED: "Recorded and accepted",
    Happening.DEFERRED: "Returned after a panel's decision",
    Happening.REOPENED: "Acceptance taken back",
}

FOUND = {
    IdentifierKind.EMAIL: "an e-mail address",
    IdentifierKind.NHS_NUMBER: "an NHS number",
    IdentifierKind.NATIONAL_INSURANCE: "a National Insurance number",
    IdentifierKind.PHONE: "a telephone number",
    IdentifierKind.POSTCODE: "a postcode",
    IdentifierKind.DATE_OF_BIRTH: "a date of birth",
    IdentifierKind.CASE_NUMBER: "a case or reference number",
    IdentifierKind.ADDRESS: "an address",
    IdentifierKind.NAME: "a name",
}

PLACES = {
    "title": "the title",
    "words": "what you wrote",
    "link": "the link",
    "comments": "your comments",
    "filename": "the name of the file",
    "file": "the file itself",
}
"""Where something was found."""

FILES_READ = {
    FileRead.ALL: "",
    FileRead.PART: "We looked for names and numbers in a part of it only.",
    FileRead.NONE: "We could not look for names and numbers in it.",
}
"""How much of a file was looked into, where that is not all of it."""

LOOK_YOURSELF = (
    "We could not look through all of the file for names and numbers. Look through it yourself before you hand it in."
)

TITLES = {
    Titles.PUBLISHED: "",
    Titles.PROPOSED: "These standards are in force from 1 April 2027. The titles are as they were proposed.",
    Titles.INVENTED: "The titles are the demonstration's own: replace them by the published ones.",
}
"""What to know of a framework's titles."""

FAULTS = {
    Fault.NOT_ON_A_WAY: "You are on no pathway of the council today, so no evidence is asked of you. "
    "Your progress page says why and whom to ask.",
    Fault.NO_SUCH_KIND: "Your council's scheme asks for no such evidence. Choose from the list of your evidence.",
    Fault.LOCKED: "It is handed in, so nobody can change it. Take it back first, if nobody has opened it yet.",
    Fault.FULL: "There is one already. Change it, or take it out first.",
    Fault.NOTHING_IN_IT: "Write something, choose a file or give a link",
    Fault.NO_FILE_OR_LINK: "Choose the file, or give a link to it",
    Fault.NO_TITLE: "Enter what it is",
    Fault.IN_THE_FUTURE: "The day must be today or in the past",
    Fault.NO_SAFE_LINK: "The link must be a whole address that begins with https://",
    Fault.NO_SUCH_PART: "Choose what it is from the list",
    Fault.NOT_VALID_THEN: "Other standards were in force on that day. They are listed now: choose again",
    Fault.CHANGED_MEANWHILE: "It was changed meanwhile, perhaps in another window. Look at it now, then try again.",
    Fault.NO_ANSWER: "Say why it tells nobody who the child or family is, or change it.",
    Fault.NOT_CHECKED: "Your comments may tell who a child or family is. Change them, or say that you have checked.",
    Fault.EMPTY: "There is nothing in it yet. Add a piece or a file first.",
    Fault.UNANSWERED: "Something in it may tell who somebody is. Change it, or say why it does not, then hand it in.",
    Fault.SAME_DAY: "Evidence of this kind is accepted for that day already. Change the day, or hand in nothing more.",
    Fault.HANDED_IN_ALREADY: "It is handed in already. You are told what becomes of it.",
    Fault.NOT_HANDED_IN: "It is not handed in now: it may have been taken back. Look at the list again.",
    Fault.OPENED_ALREADY: "Somebody looks at it already, so it cannot be taken back. Ask for it to be returned to you.",
    Fault.NOT_OPENED: "Open it first: from then on it cannot be taken back while you read.",
    Fault.DECIDED_ALREADY: "It was decided on already, perhaps by a colleague. Look at how it stands now.",
    Fault.NOT_ACCEPTED: "It is not accepted now, so there is nothing to take back.",
    Fault.NO_COMMENTS: "Write what is missing or has to change: the person is sent it.",
    Fault.NOT_WHO_ACCEPTS: "The scheme names somebody else to accept this. Ask one of them.",
    Fault.OWN: "This is your own evidence. Somebody else must look at it.",
    Fault.IS_A_PORTFOLIO: "Only the person can hand in a portfolio. Ask them to do so.",
}
"""Each reason with the next step, for whoever tried."""


def role_words(role: str) -> str:
    """`line manager`, `Principal Social Worker`."""
    return "line manager" if role == LINE_MANAGER else role_name(role)


def accepted_by_words(accepted_by: Collection[str]) -> str:
    """`the line manager`, `the assessor or principal social worker`."""
    return f"the {and_words((role_words(each) for each in accepted_by or (LINE_MANAGER,)), last='or')}"


def kind_words(item_kind: str, kind: EvidenceKind) -> str:
    """Say what a piece is: `Direct observation`, `The whole portfolio`, `Something else`."""
    named = {each.code: each.title for each in kind.contents}
    return named.get(
        item_kind, {WHOLE: "The whole portfolio", OTHER: "Another piece", ONLY: kind.title}.get(item_kind, "")
    )


def statement_words(ref: str, on: date) -> str:
    """`PCF 6: Critical reflection and analysis`, by the standards in force on the day of the piece."""
    for framework in (*frameworks_on(on), *frameworks()):
        if found := framework.refs.get(ref):
            return f"{framework.code} {found.code}: {found.title}"
    return ref


def found_words(found: Collection[str]) -> str:
    """`a name in what you wrote and a postcode in the link`; of kinds as they are kept (`kind:where`)."""
    pairs = (each.split(":", 1) for each in found)
    return and_words(f"{FOUND[IdentifierKind(kind)]} in {PLACES.get(where, where)}" for kind, where in pairs)
