#!/bin/sh
# Installs what deploy/test-packages.txt lists and is missing. Where it cannot, it says so, and the tests that need it fail.
set -eu
list=$(dirname "$0")/test-packages.txt
missing=
for package in $(grep -v '^#' "$list"); do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing="$missing $package"
done
[ -n "$missing" ] || exit 0
echo "Installing for the tests:$missing"
export DEBIAN_FRONTEND=noninteractive
if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null 2>&1; then
    echo "Not root, or no apt here. Tests of printed papers and of pages fail until these are installed:$missing" >&2
    exit 0
fi
apt-get update -qq && apt-get install -y -qq --no-install-recommends $missing >/dev/null || {
    echo "They could not be installed. Tests of printed papers and of pages fail until they are." >&2
    exit 0
}
