# SPDX-License-Identifier: Apache-2.0
# Sourced by run.sh and prepare.sh: where the rig keeps things, and how it gets what a bare Debian lacks.

rig=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
project=$(cd "$rig/../.." && pwd)
cache=${WATCHPOST_RIG_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/watchpost-rig}

say() { printf 'rig: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

# need PROGRAM=PACKAGE…: installs the packages whose program (or file, when it has a slash) is missing.
need() {
    local pair missing=()
    for pair in "$@"; do
        case ${pair%%=*} in
            */*) [ -e "${pair%%=*}" ] || missing+=("${pair#*=}") ;;
            *) PATH=$PATH:/usr/sbin:/sbin command -v "${pair%%=*}" >/dev/null || missing+=("${pair#*=}") ;;
        esac
    done
    [ ${#missing[@]} -eq 0 ] && return
    local install=(apt-get install -y --no-install-recommends "${missing[@]}")
    [ "$(id -u)" = 0 ] || die "missing Debian packages; run: sudo ${install[*]}"
    say "installing ${missing[*]}"
    refresh_packages
    DEBIAN_FRONTEND=noninteractive "${install[@]}" >/dev/null || die "could not install ${missing[*]}"
}

# Package lists are fetched once a run, and only if something has to be fetched at all.
refresh_packages() {
    [ -n "${packages_fresh:-}" ] && return
    packages_fresh=yes
    [ "$(id -u)" = 0 ] || return 0
    apt-get update -qq || die "apt-get update failed; see the message above"
}

# The package of the newest kernel of this suite, as apt names it: linux-image-6.1.0-56-amd64.
kernel_package() {
    apt-cache depends linux-image-amd64 2>/dev/null | awk '$1 == "Depends:" { print $2; exit }'
}
