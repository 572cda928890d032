#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# run.sh [STORY[@SUITE] …]: the shipped binaries against kernel GPIO devices, in a guest machine; all stories by default.
#
# A story is stories/NAME.sh, run in a guest of its own. NAME@trixie (or another Debian suite) runs it in a bare root of
# that suite, with binaries built there: other libgpiod, other SQLite, other C library. A story that has to reach into its
# machine from outside (to cut its power) has a stories/NAME.host beside it, which boots the guest itself.
#   WATCHPOST_BIN           a directory with watchpost and watchpost-alarm       (.build-release/release, built if missing)
#   WATCHPOST_RIG_CACHE     kernel, simulator, other suites                      (~/.cache/watchpost-rig)
#   WATCHPOST_RIG_MIN       minutes after which no further story is begun; those left out are named       (no bound)
#   WATCHPOST_RIG_OUT       what each story left behind: console, results, journals         (in the cache)
set -euo pipefail
. "$(dirname "$0")/needs.sh"

stories=("$@")
[ $# -gt 0 ] || mapfile -t stories < <(grep -v '^#' "$rig/stories/all")
need gcc=gcc qemu-system-x86_64=qemu-system-x86 jq=jq ip=iproute2 gpioinfo=gpiod sqlite3=sqlite3 mkfs.ext4=e2fsprogs \
    arecord=alsa-utils sox=sox
here=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
left=${WATCHPOST_RIG_OUT:-$cache/runs/$(date +%Y%m%d-%H%M%S)}
mkdir -p "$left"

binaries() {
    local bin=${WATCHPOST_BIN:-$project/.build-release/release}
    [ -n "${WATCHPOST_BIN:-}" ] || make -s -C "$project" build >"$left/build.log" 2>&1 ||
        { tail -20 "$left/build.log" >&2; die "the binaries could not be built: $left/build.log"; }
    [ -x "$bin/watchpost" ] && [ -x "$bin/watchpost-alarm" ] || die "no watchpost and watchpost-alarm in $bin"
    (cd "$bin" && pwd)
}

bin=$(binaries)
"$rig/prepare.sh" >/dev/null
started=$SECONDS
broken=0
skipped=()
late=()
for story in "${stories[@]}"; do
    name=${story%@*} suite=$here root=/ its_bin=$bin
    [ "$name" = "$story" ] || suite=${story#*@}
    if [ $((SECONDS - started)) -ge $((${WATCHPOST_RIG_MIN:-10000} * 60)) ]; then
        late+=("$story")
        continue
    fi
    if [ "$suite" != "$here" ] && [ "$(id -u)" != 0 ]; then
        skipped+=("$story")
        continue
    fi
    if [ "$suite" != "$here" ]; then
        { read -r root; read -r its_bin; } < <("$rig/suite.sh" "$suite") || true
        [ -n "${its_bin:-}" ] || die "no root of $suite: see above"
    fi
    [ -e "$rig/stories/$name.sh" ] || die "no story $name in $rig/stories"
    out=$left/$story
    rm -rf "$out"
    mkdir -p "$out"
    # Static, because it runs in every suite.
    gcc -static -O2 -Wall -o "$out/contact" "$rig/guest/contact.c"
    printf '\n=== %s%s: %s\n' "$name" "$([ "$suite" = "$here" ] || echo " on $suite")" \
        "$(sed -n '3s/^# //p' "$rig/stories/$name.sh")"
    before=$SECONDS status=0
    options=(--root "$root" --bin "$its_bin" --out "$out")
    # A story's own options for boot.sh: a line `# boot: --rtc 1970-01-01`.
    read -ra own < <(sed -n 's/^# boot: //p' "$rig/stories/$name.sh") || true
    if [ -e "$rig/stories/$name.host" ]; then
        bash "$rig/stories/$name.host" "${options[@]}" || status=$?
    else
        "$rig/boot.sh" "${options[@]}" ${own[@]+"${own[@]}"} "Tests/Rig/stories/$name.sh" || status=$?
    fi
    # A story that did not reach its end is a failure, whatever it had found so far.
    if [ "$status" != 0 ] && ! grep -q '^FAILED' "$out/results" 2>/dev/null; then
        echo "FAILED  $name ended with status $status" | tee -a "$out/results"
    fi
    echo "($((SECONDS - before)) s)"
    [ "$status" = 0 ] || broken=1
done

cd "$left"
cat "${stories[@]/%//results}" >"$left/results" 2>/dev/null || true
passed=$(grep -c '^ok ' results || true)
failed=$(grep -c '^FAILED ' results || true)
printf '\n'
grep '^FAILED ' results | sed 's/^FAILED */rig: FAILED: /' || true
awk '$1 == "tally" { n = $2; $1 = $2 = ""; sub(/^ */, ""); if (!($0 in sum)) order[++k] = $0; sum[$0] += n }
    END { for (i = 1; i <= k; i++) printf "rig: %d %s\n", sum[order[i]], order[i] }' results
[ ${#skipped[@]} -eq 0 ] || echo "rig: skipped, because only root can make another Debian: ${skipped[*]}"
[ ${#late[@]} -eq 0 ] || echo "rig: skipped, because ${WATCHPOST_RIG_MIN} minutes had passed: ${late[*]}"
echo "rig: $((${#stories[@]} - ${#skipped[@]} - ${#late[@]})) stories in $((SECONDS - started)) s, left in $left"
echo "$passed passed, $failed failed"
[ "$broken" = 0 ] && [ "$failed" = 0 ]
