"""Check that every template parses, and that every template and macro which one names is there."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from flask import Flask
from jinja2 import Environment, TemplateError, nodes

from cpd.application import create_app


def main() -> int:
    """Print one line per fault; return 1 when there is any."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("SECRET_KEY", "only to read templates")
        app = create_app({"CPD_INSTANCE": Path(folder)})
        names = sorted(_own_templates(app))
        faults = [f"templates/{name}: {fault}" for name in names for fault in faults_in(app.jinja_env, name)]
    print(*faults or [f"{len(names)} templates parse"], sep="\n")
    return 1 if faults else 0


def _own_templates(app: Flask) -> Iterator[str]:
    """Name every template of this project, as Jinja knows it."""
    top = Path(app.root_path, str(app.template_folder))
    return (file.relative_to(top).as_posix() for file in top.rglob("*") if file.is_file())


def faults_in(environment: Environment, name: str) -> Iterator[str]:
    """Say what is wrong with one template, without rendering it."""
    try:
        environment.get_template(name)  # compiles it, so a filter or test that does not exist is found too
        tree = _tree(environment, name)
    except TemplateError as error:
        yield f"{getattr(error, 'lineno', '?')}: {error}"
        return
    for node in tree.find_all((nodes.Extends, nodes.Include, nodes.Import, nodes.FromImport)):
        yield from _missing(environment, node)


def _missing(environment: Environment, node: nodes.Node) -> Iterator[str]:
    """Say which template, or which macro of it, is named here and is not there."""
    wanted = getattr(node, "template", None)
    if not isinstance(wanted, nodes.Const) or getattr(node, "ignore_missing", False):
        return
    for target in [wanted.value] if isinstance(wanted.value, str) else wanted.value:
        try:
            offered = _offers(_tree(environment, target))
        except TemplateError as error:
            yield f"{node.lineno}: {target}: {error}"
            continue
        if isinstance(node, nodes.FromImport):
            asked = {name if isinstance(name, str) else name[0] for name in node.names}
            yield from (f"{node.lineno}: {target} has no {name}" for name in sorted(asked - offered))


def _offers(tree: nodes.Template) -> set[str]:
    """Return the names that other templates can import from this one: its macros and what it sets."""
    macros = {macro.name for macro in tree.find_all(nodes.Macro)}
    values = {name.name for name in tree.find_all(nodes.Name) if name.ctx == "store"}
    return macros | values


def _tree(environment: Environment, name: str) -> nodes.Template:
    """Parse a template without compiling it."""
    loader = environment.loader
    if loader is None:
        raise RuntimeError("The application has no templates")
    source, filename, _ = loader.get_source(environment, name)
    return environment.parse(source, name, filename)


if __name__ == "__main__":
    sys.exit(main())
