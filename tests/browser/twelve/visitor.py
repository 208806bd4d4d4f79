"""Somebody at a browser without scripts: opens pages, follows links, and sends forms as they stand in the page."""

from __future__ import annotations

from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from tests.browser.twelve.markup import Element, page_of


class Visitor:
    """One person's browser: `page` is what it shows, `path` where that is."""

    def __init__(self, app: Flask, cookie: str = "") -> None:
        self.client = app.test_client()
        if cookie:
            self.client.set_cookie(app.config["SESSION_COOKIE_NAME"], cookie)
        self.page = Element("page")
        self.path = ""

    def open(self, path: str, status: int = 200) -> Element:
        """Open a page."""
        return self._show(self.client.get(path), path, status)

    def file(self, path: str) -> bytes:
        """Download a file."""
        answer = self.client.get(path)
        assert answer.status_code == 200, f"{path}: {answer.status}"
        return answer.data

    def follow(self, words: str, within: Element | None = None) -> Element:
        """Follow the link with these words."""
        found = [each for each in (within or self.page).every("a") if each.words == words]
        assert found, f"no link {words!r} on {self.path}: {[each.words for each in self.page.every('a')]}"
        return self.open(found[0].get("href"))

    def press(self, words: str, /, within: Element | None = None, *, status: int = 303, **typed: Any) -> Element:
        """Press a button, with what was typed into its form before; shows the page to which that leads."""
        button = self._button(words, within or self.page)
        form = button.around("form")
        controls = _controls_of(form)
        for name, value in typed.items():
            assert name in controls, f"{name} is not in the form of {words!r}: {sorted(controls)}"
            controls[name] = _typed(form, name, value)
        if button.get("name"):
            controls[button.get("name")] = [button.get("value")]
        path = form.get("action") or self.path
        kind = form.get("enctype") or "application/x-www-form-urlencoded"
        sent = {name: values for name, values in controls.items() if values}
        answer = self.client.post(path, data=sent, content_type=kind)
        assert answer.status_code == status, f"{words!r}: {answer.status} {page_of(answer.text).words[:2000]}"
        return self.open(answer.location) if status == 303 else self._show(answer, path, status)

    def _button(self, words: str, where: Element) -> Element:
        buttons = where.every("button", type="submit")
        found = [each for each in buttons if each.words == words]
        assert len(found) == 1, f"{len(found)} of {words!r} on {self.path}: {[each.words for each in buttons]}"
        return found[0]

    def _show(self, answer: TestResponse, path: str, status: int) -> Element:
        assert answer.status_code == status, f"{path}: {answer.status} {page_of(answer.text).words[:2000]}"
        self.path = path
        self.page = page_of(answer.text)
        return self.page


def _controls_of(form: Element) -> dict[str, list[str]]:
    """What a browser would send of a form nobody has touched, by name; empty where it would send nothing."""
    controls: dict[str, list[str]] = {}
    for each in form.every():
        name = each.get("name")
        if not name or each.tag == "button" or each.get("type") == "file":
            continue
        sent = controls.setdefault(name, [])
        if each.tag == "select":
            options = each.every("option")
            chosen = [option for option in options if "selected" in option.attributes] or options[:1]
            sent.extend(option.get("value") for option in chosen)
        elif each.tag == "textarea":
            sent.append(each.words)
        elif each.get("type") not in ("checkbox", "radio") or "checked" in each.attributes:
            sent.append(each.get("value"))
    return controls


def _typed(form: Element, name: str, value: Any) -> list[str]:
    """What is sent of something typed, or chosen from a list by the words of the list."""
    values = list(value) if isinstance(value, (list, tuple)) else [value]
    for chosen in form.every("select", name=name):
        options = {option.words: option.get("value") for option in chosen.every("option")}
        values = [options.get(each, each) for each in values]
    return [str(each) for each in values]
