#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# 30 % of all datagrams lost and 300 ms of jitter, both ways: no press lost, none doubled
# boot: --timeout 1800
. /rig/project/Tests/Rig/guest/story.sh
wp_scene
for place in cell post; do
    (in_place $place tc qdisc add dev wire root netem delay 300ms 300ms loss 30%) || fail "no netem"
done

settled() { wp_settle; wp_has_not post "$PRESSED"; }

lost=0
doubled=0
still=0
: >/tmp/confirmed
round=1
while [ $round -le 15 ]; do
    played=$(contact cell/button presses 5 50 150 80 10 $((round + still)))
    until_true 30 wp_has_presses post 5
    until_true 30 wp_has cell "$PRESSED and .annunciated != null"
    found=$(wp_presses post)
    # The machine, not the network, hid a press: counted apart, and played again.
    if [ "$found" -lt 5 ] && [ $still -lt 8 ] && [ "$(wp_presses cell)" = "$found" ] && wp_stood_still "$played"; then
        note "round $round: the machine stood still: $played"
        tally $((5 - found)) presses missing while the machine itself stood still
        still=$((still + 1))
        until_true 90 settled || fail "round $round: not cleared"
        continue
    fi
    alarms=$(wp_count post "$PRESSED")
    wp_select cell "$PRESSED" | jq .annunciated.afterMs >>/tmp/confirmed
    tally 5 presses
    # Apart, so that one doubled cannot hide one lost.
    [ "$found" -ge 5 ] || lost=$((lost + 5 - found))
    [ "$found" -le 5 ] || doubled=$((doubled + found - 5))
    # Where one went missing: on the wire (the cell has 5), or in the kernel before the cell could look (edgesLost).
    if [ "$found" != 5 ]; then
        tell "        round $round: the post has $found presses, the cell $(wp_presses cell); told as lost edges:" \
            "$(wp_count post '.cause == "edgesLost"'), the cell's own count of them: $(wp_status cell | jq .edgesLost)"
        wp_journal cell >/rig/out/cell-$round.journal
    fi
    [ "$alarms" = 1 ] || fail "round $round: $alarms alarms instead of 1"
    # An officer whose deed got no answer in this weather does it again.
    until_true 90 settled || fail "round $round: not cleared"
    round=$((round + 1))
done
equal "presses lost" 0 $lost
equal "presses doubled" 0 $doubled
tally $lost presses lost
tally $doubled presses doubled
sort -n /tmp/confirmed >/rig/out/confirmed_ms
equal "alarms that a post confirmed" 15 $(wc -l </rig/out/confirmed_ms)
tell "        confirmed after: median $(sed -n 8p /rig/out/confirmed_ms) ms, worst $(sed -n 15p /rig/out/confirmed_ms) ms (n = 15)"

for place in cell post; do (in_place $place tc qdisc del dev wire root); done
within 30 "after the storm nothing is left standing" wp_quiet
expect "the post's journal verifies" wp_verify post
end_story
