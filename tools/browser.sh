#!/bin/sh
# Make sure that the browser of the tests is there: Chromium without a window, which opens pages in half the time.
set -eu
[ -x /usr/bin/chromium-headless-shell ] && exit 0
packages="chromium-headless-shell fonts-dejavu-core"
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    echo "The tests need a browser that only root can install: apt-get install --no-install-recommends $packages" >&2
    exit 1
fi
apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends $packages
[ -x /usr/bin/chromium-headless-shell ]
