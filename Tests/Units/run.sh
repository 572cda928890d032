#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The shipped units really started: systemd is pid 1 of namespaces of its own, on an overlay of this machine's root
# that is thrown away, with the boxes around the daemons as they are in a facility. Needs root and `systemd`.
# Prints what held; ends with 1 when something did not. `make test-units` runs it.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
export WATCHPOST_BIN=${WATCHPOST_BIN:-$here/../../.build/debug} WATCHPOST_TREE=$here/../..
[ "$(id -u)" = 0 ] || { echo "units: needs root, for namespaces and an overlay" >&2; exit 1; }
[ -x /lib/systemd/systemd ] || { echo "units: apt-get install systemd" >&2; exit 1; }
[ -w /sys/fs/cgroup/systemd ] || { echo "units: no hierarchy name=systemd under /sys/fs/cgroup" >&2; exit 1; }
folder=$(mktemp -d)
mkdir "$folder/share"
# A branch of its own in the tree of processes: the namespaces see it as the root, and it is taken away afterwards.
branch=/sys/fs/cgroup/systemd/units-$$
mkdir "$branch"
prune() {
    # The last of them may yet be ending.
    for _ in $(seq 50); do
        find "$branch" -depth -type d -exec rmdir {} \; 2>/dev/null || true
        [ -d "$branch" ] || return 0
        sleep 0.1
    done
}
trap 'prune; rm -rf "$folder"' EXIT
(
    echo "$BASHPID" >"$branch/cgroup.procs"
    exec unshare --fork --pid --mount --uts --ipc --net --cgroup --kill-child bash "$here/inside.sh" "$folder"
) >"$folder/log" 2>&1 &
machine=$!
trap 'kill -KILL $machine 2>/dev/null || true; wait $machine 2>/dev/null || true; prune; rm -rf "$folder"' EXIT
for _ in $(seq 180); do
    [ ! -e "$folder/share/outcome" ] || break
    kill -0 $machine 2>/dev/null || break
    sleep 1
done
cat "$folder/share/told" 2>/dev/null || true
if [ "$(cat "$folder/share/outcome" 2>/dev/null)" != well ]; then
    tail -n 40 "$folder/log" "$folder"/share/*.log >&2 || true
    echo "units: failed" >&2
    exit 1
fi
echo "units: all of them ran"
