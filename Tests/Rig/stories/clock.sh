#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# the clock is stepped a year forth and two back while everything runs: presses ring, no terminal is thought lost
. /rig/project/Tests/Rig/guest/story.sh
wp_scene
lost='.cause == "peerLost" or .cause == "peerOneWay"'
# The record has it even when it ended before anybody asked; a journal that cannot be read is no proof, an empty one is.
losses() { wp_journal $1 >/tmp/journal && { grep -cE '"cause":"peer(Lost|OneWay)"' /tmp/journal || true; }; }
cell_losses=$(losses cell)
post_losses=$(losses post)

for step in '+1 year' '-2 years' '+1 year'; do
    date -s "$(date '+%F %T') $step" >/dev/null
    press cell/button 100
    wp_rings "$step: a press"
    tally 1 presses
    tally 1 clock steps
    # Longer than a peer may be silent: were a heartbeat timed by the wall clock, it would be missed now.
    watched=$(uptime_cs)
    seen=0
    while [ $(($(uptime_cs) - watched)) -lt 900 ]; do
        wp_has post "$lost" && seen=1
        sleep 1
    done
    equal "$step: heartbeats missed" 0 $seen
    wp_settle
    within 30 "$step: cleared" wp_has_not post "$PRESSED"
done
equal "terminals thought lost, by the cell's journal" "$cell_losses" "$(losses cell)"
equal "terminals thought lost, by the post's journal" "$post_losses" "$(losses post)"
expect "the journals could be read" test -n "$cell_losses" -a -n "$post_losses"
expect "the cell's journal verifies" wp_verify cell
expect "the post's journal verifies" wp_verify post
end_story
