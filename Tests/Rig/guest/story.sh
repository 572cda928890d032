# SPDX-License-Identifier: Apache-2.0
# Sourced by stories: what is checked, what is counted, and time that no clock step can move.
# Everything said here is also left in /rig/out/results, where run.sh counts it.

. /rig/project/Tests/Rig/guest/gpio.sh
. /rig/project/Tests/Rig/guest/watchpost.sh

tell() { echo "$*"; echo "$*" >>/rig/out/results; }
pass() { tell "ok      $*"; }
fail() { tell "FAILED  $*"; failures=$((${failures:-0} + 1)); }
tally() { tell "tally   $*"; }        # tally 200 presses
note() { echo "        $*"; }

# at_most SENTENCE LIMIT_CS FOUND_CS
at_most() {
    if [ "$3" -le "$2" ]; then pass "$1: after $(seconds $3) s"; else fail "$1: after $(seconds $3) s, more than $(seconds $2) s"; fi
}

# Hundredths of a second since power-on.
uptime_cs() { read -r up idle </proc/uptime; echo "${up%.*}${up#*.}"; }
# The clock on the wall, for what the product stamps with it; of no use in a story that steps it.
wall_ms() { date +%s%3N; }
seconds() { [ $1 -ge 0 ] || { echo "no time"; return; }; echo "$(($1 / 100)).$(printf %02d $(($1 % 100)))"; }

# expect SENTENCE COMMAND…: one check.
expect() {
    sentence=$1
    shift
    if "$@"; then pass "$sentence"; else fail "$sentence"; return 1; fi
}

# within SECONDS SENTENCE COMMAND…: the command becomes true in this time; says after how long.
within() {
    limit=$(($1 * 100)) sentence=$2 from=$(uptime_cs)
    shift 2
    until "$@"; do
        if [ $(($(uptime_cs) - from)) -gt $limit ]; then
            fail "$sentence: not within $((limit / 100)) s"
            return 1
        fi
        sleep 0.1
    done
    pass "$sentence (after $(seconds $(($(uptime_cs) - from))) s)"
}

# The same without a sentence: for what is on the way to a check.
until_true() {
    limit=$(($1 * 100)) from=$(uptime_cs)
    shift
    until "$@"; do
        [ $(($(uptime_cs) - from)) -gt $limit ] && return 1
        sleep 0.1
    done
}

# equal SENTENCE EXPECTED FOUND
equal() {
    if [ "$2" = "$3" ]; then pass "$1: $3"; else fail "$1: $3 instead of $2"; return 1; fi
}

end_story() { [ "${failures:-0}" = 0 ]; exit $?; }
