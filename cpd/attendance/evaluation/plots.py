"""Results of evaluations as plots; the same figures stand beside them in words and in a table."""

from __future__ import annotations

from markupsafe import Markup

from cpd.attendance.evaluation.results import OfProgramme
from cpd.attendance.evaluation.rules import SCALE, Results
from cpd.shared.plots import Series, columns_picture

VALUES = [str(value) for value in SCALE]


def confidence_plot(found: Results) -> Markup:
    """Draw how confident people were before and are after."""
    words = f"The mean rose from {found.before.mean_words} to {found.after.mean_words}"
    if found.after.mean < found.before.mean:
        words = words.replace("rose", "fell")
    series = [Series("before", found.before.counts), Series("after", found.after.counts)]
    return columns_picture("How many people chose each value, before and after", words, VALUES, series)


def usefulness_plot(found: Results) -> Markup:
    """Draw how useful people find it."""
    words = f"The mean is {found.usefulness.mean_words}"
    series = [Series("after", found.usefulness.counts)]
    return columns_picture("How many people chose each value for usefulness", words, VALUES, series)


def uses_plot(programme: OfProgramme) -> Markup:
    """Draw how often what a programme taught is used; nothing where too few have said so."""
    if programme.uses is None:
        return Markup("")
    labels = [each.value.capitalize() for each in programme.uses]
    series = [Series("after", list(programme.uses.values()))]
    return columns_picture(f"How often people use {programme.title}", programme.uses_words, labels, series)
