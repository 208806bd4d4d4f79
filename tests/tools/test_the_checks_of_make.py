"""A check that lets everything through is worse than none."""

import subprocess

import pytest
from jinja2 import DictLoader, Environment, StrictUndefined

from tools import audit, templates

SOUND = {"name": "flask", "version": "3.1.3", "vulns": []}
WEAK = {"name": "jinja2", "version": "3.0.0", "vulns": [{"id": "CVE-2024-1", "fix_versions": ["3.1.4"]}]}
UNKNOWN = {"name": "ours", "skip_reason": "Dependency not found on PyPI"}


def answering(packages):
    def run(*_args, **_options):
        return subprocess.CompletedProcess([], 0, stdout=packages, stderr="")

    return run


def test_a_sound_package_is_no_fault():
    assert audit.faults_in([SOUND]) == []


def test_a_weakness_and_an_unanswered_question_are_faults():
    assert audit.faults_in([SOUND, WEAK, UNKNOWN]) == [
        "jinja2 3.0.0: CVE-2024-1, mended in 3.1.4",
        "ours: Dependency not found on PyPI",
    ]


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ('{"dependencies": [{"name": "flask", "version": "3.1.3", "vulns": []}]}', 0),
        ('{"dependencies": [{"name": "ours", "skip_reason": "not found"}]}', 1),
        ('{"dependencies": []}', 1),
        ("", 1),
    ],
    ids=["all sound", "not audited although the tool was content", "nothing asked about", "no answer"],
)
def test_the_audit_passes_only_when_every_package_was_answered_for(monkeypatch, answer, code):
    monkeypatch.setattr(audit.subprocess, "run", answering(answer))

    assert audit.main() == code


@pytest.mark.parametrize(
    ("broken", "fault"),
    [
        ("{% if %}", "expected"),
        ("{{ 1 | no_such_filter }}", "no_such_filter"),
        ("{% extends 'gone.html' %}", "gone.html"),
        ("{% from 'parts.html' import gone %}", "parts.html has no gone"),
    ],
    ids=["does not parse", "unknown filter", "unknown template", "unknown macro"],
)
def test_a_broken_template_is_found_without_rendering_it(broken, fault):
    pages = {"parts.html": "{% macro say() %}{% endmacro %}", "page.html": broken}
    environment = Environment(loader=DictLoader(pages), undefined=StrictUndefined, autoescape=True)

    assert any(fault.lower() in found.lower() for found in templates.faults_in(environment, "page.html"))


def test_a_whole_template_has_no_fault():
    pages = {
        "parts.html": "{% macro say() %}{% endmacro %}",
        "page.html": "{% from 'parts.html' import say %}{{ say() }}",
    }
    environment = Environment(loader=DictLoader(pages), undefined=StrictUndefined, autoescape=True)

    assert list(templates.faults_in(environment, "page.html")) == []
