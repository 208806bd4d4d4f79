"""Ask whether any locked dependency has a known weakness; one that could not be asked about is a failure too."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

LOCK = "requirements-dev.lock"  # holds everything of requirements.lock as well
NO_ADVISORIES: dict[str, str] = {}
"""Packages that no advisory source knows, and why we rely on them all the same."""


def main() -> int:
    """Print one line per weakness or unanswered question; return 1 when there is any."""
    question = [
        "--requirement",
        LOCK,
        "--require-hashes",
        "--disable-pip",
        "--format",
        "json",
        "--progress-spinner",
        "off",
    ]
    command = [sys.executable, "-m", "pip_audit", *question]
    run = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - a fixed command
    try:
        packages: list[dict[str, Any]] = json.loads(run.stdout)["dependencies"]
    except (ValueError, KeyError):
        packages = []
    if all("skip_reason" in package for package in packages):
        print(run.stderr, "No advisory source answered: nothing was audited", sep="\n")
        return 1
    faults = faults_in(packages)
    print(*faults, f"{len(packages)} packages asked about; {len(faults)} faults", sep="\n")
    return 1 if faults else 0


def faults_in(packages: list[dict[str, Any]]) -> list[str]:
    """Say which packages have a known weakness, and which could not be asked about."""
    weak = [
        f"{package['name']} {package['version']}: {weakness['id']}, mended in "
        f"{', '.join(weakness['fix_versions']) or 'no version yet'}"
        for package in packages
        for weakness in package.get("vulns", ())
    ]
    unknown = [
        f"{package['name']}: {package['skip_reason']}"
        for package in packages
        if "skip_reason" in package and package["name"] not in NO_ADVISORIES
    ]
    return weak + unknown


if __name__ == "__main__":
    sys.exit(main())
