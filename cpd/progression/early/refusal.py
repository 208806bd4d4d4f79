"""What is raised where nothing was done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cpd.progression.early.rules import Fault


class EarlyRefused(Exception):  # noqa: N818 - a refusal is an answer, not a failure
    """Nothing was done; `faults` are all the reasons, `people` those of each person where several were meant."""

    def __init__(self, faults: Sequence[Fault], people: Mapping[int, Sequence[Fault]] | None = None) -> None:
        super().__init__(", ".join(faults))
        self.faults = list(faults)
        self.people = dict(people or {})
