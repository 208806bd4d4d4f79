"""How the fields of `forms.py` appear: each as its GOV.UK component, with its hint and its first error."""

from __future__ import annotations

from typing import Any

from flask import current_app
from markupsafe import Markup

Params = dict[str, Any]
PARTS = ("day", "month", "year")


def component(name: str, params: Params) -> Markup:
    """Render a component of the GOV.UK Design System, such as `date-input`, by its macro."""
    macro = "govuk" + name.title().replace("-", "")
    template = current_app.jinja_env.get_template(f"govuk_frontend_jinja/components/{name}/macro.html")
    return Markup(getattr(template.module, macro)(params))  # noqa: S704 - the macro escapes what it is given


class Widget:
    """A field as one component. Calling it with parameters of the component overrides what the field says."""

    def __init__(self, name: str, **always: Any) -> None:
        self.name = name
        self.always = always

    def __call__(self, field: Any, **params: Any) -> Markup:
        """Return the component; `heading=True` makes the question the page's own heading."""
        heading = params.pop("heading", False)
        return self.render({**self.always, **self.params(field, heading), **field.shown_as, **params})

    def render(self, params: Params) -> Markup:
        """Return the component by GOV.UK's macro."""
        return component(self.name, params)

    def params(self, field: Any, heading: bool) -> Params:
        """Return the component's parameters as this field has them."""
        return {
            **_described(field),
            "id": field.id,
            "label": _question(field, "govuk-label--l", heading),
            "value": field.shown_value(),
        }


class GroupWidget(Widget):
    """A field of several boxes under one question."""

    def params(self, field: Any, heading: bool) -> Params:
        """Return the component's parameters, with a box for each choice."""
        return {
            **_described(field),
            "idPrefix": field.id,
            "fieldset": {"legend": _question(field, "govuk-fieldset__legend--l", heading)},
            "items": [
                {
                    "value": choice.value,
                    "text": choice.label,
                    "checked": choice.selected,
                    "hint": _hint(choice.render_kw.get("hint")),
                }
                for choice in field.iter_choices()
            ],
        }


class TickWidget(Widget):
    """A single box to tick, which carries its own question."""

    def params(self, field: Any, heading: bool) -> Params:  # noqa: ARG002 - one box is never a page's heading
        """Return the component's parameters with the one box."""
        described = _described(field)
        item = {"value": "y", "text": field.label.text, "checked": bool(field.data), "hint": described.pop("hint")}
        return {**described, "idPrefix": field.id, "items": [item]}


class DateWidget(Widget):
    """A date in three boxes; whatever was typed stands in them again."""

    def params(self, field: Any, heading: bool) -> Params:
        """Return the component's parameters with the boxes for day, month and year."""
        return {
            **_described(field),
            "id": field.id,
            "fieldset": {"legend": _question(field, "govuk-fieldset__legend--l", heading)},
            "items": [
                {
                    "label": part.title(),
                    "id": f"{field.id}-{part}",
                    "name": field.name,
                    "value": value,
                    "classes": f"govuk-input--width-{width}"
                    + (" govuk-input--error" if field.errors and part in (field.wrong_parts or PARTS) else ""),
                }
                for part, value, width in zip(PARTS, field.typed_parts(), (2, 2, 4), strict=True)
            ],
        }


class SelectWidget(Widget):
    """A list to choose from, in groups where the choices name them; GOV.UK's own macro knows no groups."""

    def params(self, field: Any, heading: bool) -> Params:
        """Return what `components/select.html` shows."""
        groups = field.iter_groups() if field.has_groups() else [(None, field.iter_choices())]
        return {
            **_described(field),
            "id": field.id,
            "label": _question(field, "govuk-label--l", heading),
            "groups": groups,
        }

    def render(self, params: Params) -> Markup:
        """Return the list by our own macro."""
        template = current_app.jinja_env.get_template("components/select.html")
        return Markup(template.module.select(params))  # type: ignore[attr-defined] # noqa: S704 - the macro escapes


class ButtonWidget(Widget):
    """The button that sends the form; a second press while it is on its way does nothing."""

    def params(self, field: Any, heading: bool) -> Params:  # noqa: ARG002 - a button is never a page's heading
        """Return the button's parameters."""
        return {"text": field.label.text, "name": field.name, "value": "y", "preventDoubleClick": True}


def _described(field: Any) -> Params:
    """Return what every component has: its name, its hint and its first error, each only where there is one."""
    error = {"text": field.errors[0]} if field.errors else None
    return {"name": field.name, "hint": _hint(field.description), "errorMessage": error}


def _hint(words: str | None) -> Params | None:
    """Return the hint, or nothing at all: an empty one would still be read out."""
    return {"text": words} if words else None


def _question(field: Any, large: str, heading: bool) -> Params:
    """Return the question, as the page's heading if it is to be that."""
    question = {"text": field.label.text}
    return {**question, "isPageHeading": True, "classes": large} if heading else question
