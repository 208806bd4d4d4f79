"""What the pages load: built from the sources that stand here, complete, and free of what is not ours to use."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import pytest

from cpd.schemes.shape import Colour
from cpd.shared.assets import THEMES, asset_url

TOP = Path(__file__).parents[2]
VENDOR = TOP / "static" / "vendor"
STYLES = (VENDOR / "all.css").read_text()
TEMPLATES = sorted((TOP / "templates").rglob("*.html"))
AA = 4.5


def _hashes(paths: list[str]) -> dict[str, str]:
    return {path: hashlib.sha256((TOP / path).read_bytes()).hexdigest() for path in paths}


@pytest.fixture(scope="module")
def manifest() -> dict:
    return json.loads((VENDOR / "manifest.json").read_text())


def test_the_files_are_those_that_the_manifest_lists(manifest):
    files = [
        str(path.relative_to(TOP)) for path in VENDOR.rglob("*") if path.is_file() and path.name != "manifest.json"
    ]
    assert _hashes(files) == manifest["files"]


def test_nobody_changed_a_source_without_building(manifest):
    sources = [str(path.relative_to(TOP)) for path in (TOP / "assets").rglob("*") if path.is_file()]
    assert _hashes([*sources, "package-lock.json"]) == manifest["built_from"]


def test_the_licences_of_what_we_ship_lie_beside_it():
    for name in ("govuk-frontend", "moj-frontend"):
        assert "Permission is hereby granted" in (VENDOR / f"LICENCE-{name}.txt").read_text()


@pytest.mark.parametrize("forbidden", ["@font-face", "GDS Transport", "crown", "crest", "logotype"])
def test_nothing_remains_that_only_government_may_use(forbidden):
    assert forbidden.lower() not in STYLES.lower()
    assert forbidden.lower() not in (VENDOR / "all.js").read_text().lower()
    assert not [path for path in (TOP / "static").rglob("*") if forbidden.lower() in path.name.lower()]


def test_a_file_is_kept_by_the_browser_under_the_address_of_its_content_only(app):
    client = app.test_client()
    with app.test_request_context():
        address = asset_url("vendor/all.css")

    kept = {}
    for asked in (address, f"{address}0", address.partition("?")[0]):
        with client.get(asked) as answer:
            kept[asked] = answer.headers["Cache-Control"]
    assert list(kept.values()) == ["public, max-age=31536000, immutable", "no-cache", "no-cache"]
    assert client.get("/static/vendor/none.css?v=1").status_code == 404


def test_every_picture_that_the_styles_name_is_there():
    named = {name for name in re.findall(r"url\(([^)]+)\)", STYLES) if not name.startswith("data:")}
    assert named
    assert [name for name in named if not (VENDOR / name.strip("\"'")).is_file()] == []


def _luminance(colour: str) -> float:
    shares = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _colours_of(theme: str) -> dict[str, str]:
    block = re.search(rf"\.theme-{theme}\{{([^}}]*)\}}", STYLES)
    assert block, f"no theme {theme}"
    return dict(part.split(":", 1) for part in block[1].split(";") if part)


def _six_digits(colour: str) -> str:
    if rgb := re.fullmatch(r"rgb\((\d+), (\d+), (\d+)\)", colour):
        return "#" + "".join(f"{int(share):02x}" for share in rgb.groups())
    return colour


@pytest.mark.parametrize("theme", THEMES)
def test_a_theme_can_be_read(theme):
    colours = {name: _six_digits(value.strip()) for name, value in _colours_of(theme).items()}
    assert colours["--govuk-brand-colour"] == THEMES[theme]
    for text in ("--govuk-brand-colour", "--govuk-link-colour", "--govuk-link-hover-colour", "--app-deep"):
        for ground in ("#ffffff", colours["--govuk-surface-background-colour"], colours["--app-soft"]):
            assert _contrast(colours[text], ground) >= AA, (text, ground)
        assert _contrast(colours[text], colours["--govuk-template-background-colour"]) >= AA


def test_every_colour_that_a_pack_may_name_is_a_theme():
    assert {colour.value for colour in Colour} == set(THEMES)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(TOP)))
def test_a_template_holds_nothing_that_the_security_policy_forbids(template):
    text = template.read_text()
    assert not re.search(r"\sstyle=", text), "a style attribute"
    assert not re.search(r"<style", text), "a style element"
    assert not re.search(r"<script(?![^>]*\ssrc=)", text), "a script in the page"
    assert not re.search(r"\son[a-z]+=", text), "an event handler in the page"
    assert "http:" not in text.replace("http://www.w3.org/2000/svg", ""), "something from elsewhere"


@pytest.mark.parametrize(
    "component", sorted((TOP / "templates" / "components").glob("*.html")), ids=lambda path: path.stem
)
def test_a_component_says_how_it_is_used(component):
    assert component.read_text().startswith("{# "), "a comment on its use opens the file"


@pytest.mark.parametrize(("grey", "enough"), [("#767676", True), ("#777777", False)])
def test_the_contrast_is_worked_out_as_the_guidelines_do(grey, enough):
    assert (_contrast(grey, "#ffffff") >= AA) is enough  # the guidelines' own example of the boundary
