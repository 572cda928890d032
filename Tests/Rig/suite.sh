#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# suite.sh SUITE: a bare Debian of this suite and the product built in it, both cached; prints the root and the directory of
# the binaries. The Swift toolchain is borrowed from this machine; its libraries stay inside the binaries (static), the
# C libraries are the suite's own. Needs root, for chroot and mounts; the mounts are private and end with the build.
set -euo pipefail
. "$(dirname "$0")/needs.sh"
suite=${1:?suite: trixie, bookworm …}
[ "$(id -u)" = 0 ] || die "a root of $suite can only be made by root: run as root, or name stories without @$suite"
need mmdebstrap=mmdebstrap jq=jq

root=$cache/suites/$suite
build=$cache/suites/$suite.build
packages=(binutils git make pkg-config libc6-dev libcurl4 libedit2 libgcc-12-dev libstdc++-12-dev libsqlite3-0 libxml2
    libncurses-dev libz3-dev tzdata zlib1g-dev libgpiod-dev libsodium-dev libsqlite3-dev
    gpiod sqlite3 jq iproute2 e2fsprogs procps)

mkdir -p "$build"
exec 9>"$build/.lock"
flock 9
if [ "$(cat "$root/.packages" 2>/dev/null)" != "${packages[*]}" ]; then
    say "making a bare $suite"
    rm -rf "$root"
    mirror=$(sed -n 's/^URIs: *//p' /etc/apt/sources.list.d/debian.sources 2>/dev/null | head -1)
    mirror=${mirror:-$(awk '$1 == "deb" { for (i = 2; i <= NF; i++) if ($i ~ /^http/) { print $i; exit } }' \
        /etc/apt/sources.list 2>/dev/null)}
    mmdebstrap --quiet --variant=apt --include="$(IFS=,; echo "${packages[*]}")" "$suite" "$root" \
        "deb ${mirror:-http://deb.debian.org/debian} $suite main" >"$build/mmdebstrap.log" 2>&1 ||
        die "mmdebstrap failed: $build/mmdebstrap.log: $(tail -1 "$build/mmdebstrap.log")"
    rm -rf "$root"/var/cache/apt/archives/*.deb "$root"/var/lib/apt/lists/*_Packages
    echo "${packages[*]}" >"$root/.packages"
fi

# A copy of the sources at the same place inside and outside, so that dependencies are fetched here, where the network is.
copy=$build/project
# The rig's own files are no part of the build.
files() {
    (cd "$project" && find Package.swift Makefile Sources Tests systemd board-configs -path Tests/Rig -prune -o -type f -print \
        2>/dev/null | sort) || true
}
stamp=$( (cd "$project" && files | xargs -d '\n' sha256sum; swift --version 2>/dev/null) | sha256sum)
if [ "$stamp" != "$(cat "$build/stamp" 2>/dev/null)" ]; then
    say "building for $suite"
    mkdir -p "$copy"
    files >"$build/files"
    (cd "$copy" && find . -path ./.build-release -prune -o -type f -printf '%P\n' | sort | comm -13 "$build/files" - |
        { grep -v '^Package.resolved$' || true; } | xargs -r -d '\n' rm -f)
    (cd "$project" && xargs -d '\n' cp -u --parents --preserve=mode,timestamps -t "$copy" <"$build/files")
    [ -e "$project/Package.resolved" ] && cp "$project/Package.resolved" "$copy/"
    swift package resolve --package-path "$copy" --scratch-path "$copy/.build-release" >"$build/log" 2>&1 ||
        { tail -20 "$build/log" >&2; die "dependencies could not be fetched: $build/log"; }
    runtime=$(swift -print-target-info | jq -r .paths.runtimeResourcePath)
    toolchain=${runtime%/usr/lib/swift*}
    [ -n "$toolchain" ] || die "swift is installed in /usr; a toolchain in a directory of its own is needed for $suite"
    unshare --mount bash -euo pipefail -c '
        root=$1 toolchain=$2 copy=$3
        for dir in dev proc; do mount --rbind /$dir "$root/$dir"; done
        mkdir -p "$root$toolchain" "$root$copy"
        mount --bind -o ro "$toolchain" "$root$toolchain"
        mount --bind "$copy" "$root$copy"
        mount -t tmpfs tmp "$root/tmp"
        exec chroot "$root" /usr/bin/env -i HOME=/tmp LANG=C.UTF-8 PATH="$toolchain/usr/bin:/usr/bin:/bin:/usr/sbin:/sbin" \
            nice make -C "$copy" build-alarm SETUP=true' build "$root" "$toolchain" "$copy" >"$build/log" 2>&1 ||
        { tail -20 "$build/log" >&2; die "the build for $suite failed: $build/log"; }
    echo "$stamp" >"$build/stamp"
fi
echo "$root"
(cd "$copy/.build-release/release" && pwd)
