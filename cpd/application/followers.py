"""Who follows what: the one visible list. Each runs in the act's own transaction, lowest floor first."""

from __future__ import annotations

from cpd.shared.unit_of_work import Follower

FOLLOWERS: list[Follower] = []
