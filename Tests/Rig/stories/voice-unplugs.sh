#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# a hundred times within one call the cell's card is pulled out and returned: no file, thread or memory stays behind
# boot: --timeout 1800
. /rig/project/Tests/Rig/guest/story.sh
. /rig/project/Tests/Rig/guest/voice.sh

voice_talk
pull_and_return() {
    card_pull cell
    sleep 0.2
    card_return cell
    until_true 20 card_is_open cell
}
# What the first one loads stays.
expect "a first unplug" pull_and_return
before=$(held_by cell)
resident=$(resident_kib cell)
pulls=0
while [ $pulls -lt 100 ]; do
    pull_and_return || { fail "pull $pulls: the card is not taken up again"; break; }
    pulls=$((pulls + 1))
    tally 1 unplugs in a call
done
sleep 2
equal "after $pulls unplugs it holds as much" "$before" "$(held_by cell)"
grown=$(($(resident_kib cell) - resident))
note "resident $resident KiB before, $((resident + grown)) after"
expect "and no more memory: $grown KiB (bound 1024)" test $grown -le 1024
expect "the call still stands" voice_is post talking
within 120 "the cell is heard after all of them" heard post 500
end_story
