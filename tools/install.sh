#!/bin/sh
# Install a lock into .venv, every file checked against its hash: tools/install.sh LOCK STAMP
# uv does it in seconds; where it cannot reach the package index as pip can, pip does it in minutes.
set -eu
lock=$1 stamp=$2
python=${PYTHON:-python3}
if ! "$python" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    echo "Needs Python 3.11 or later with venv. On Debian, as root: apt-get install python3 python3-venv" >&2
    exit 1
fi
[ -x .venv/bin/python ] || "$python" -m venv .venv
awk '/^uv==/ { wanted = 1 } wanted { print } wanted && !/\\$/ { exit }' requirements-dev.lock >.venv/uv.lock
.venv/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r .venv/uv.lock
.venv/bin/python -m uv pip install -q --compile-bytecode --system-certs --python .venv/bin/python --require-hashes -r "$lock" ||
    .venv/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r "$lock"
rm -f "${stamp%-*}"-*
touch "$stamp"
