#!/bin/sh
# Write the next numbered migration from what the models say: tools/migration.sh "what it does"
set -eu
[ -n "${1:-}" ] || { echo 'Say what it does: make migration NAME="what it does"' >&2; exit 1; }
number=$(printf %04d $(($(ls migrations/versions | grep -c '^[0-9]') + 1)))
CPD_INSTANCE=$(mktemp -d)
export CPD_INSTANCE
unset DATABASE_URL
trap 'rm -rf "$CPD_INSTANCE"' EXIT
.venv/bin/python -m flask --app app db upgrade
.venv/bin/python -m flask --app app db revision --autogenerate --rev-id "$number" -m "$1"
