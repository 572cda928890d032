#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# two people talk over snd-aloop; a card unplugged in the call and returned, a hundred times; a voice that stood still
# boot: --timeout 3000
. /rig/project/Tests/Rig/guest/story.sh
. /rig/project/Tests/Rig/guest/voice.sh

[ -x /rig/bin/watchpost-sound ] || { fail "no watchpost-sound among the binaries"; end_story; }
[ -e /proc/asound/cell ] && [ -e /proc/asound/post ] || { fail "no two loopback cards"; cat /proc/asound/cards; end_story; }
voice=yes
wp_scene
voice_start cell
voice_start post
within 120 "both voices answer" voice_both_answer
speak cell 500
speak post 800

press cell/call
within 120 "the press rings at the post" voice_is post ringing
wp_ask post answer --officer $OFFICER >/dev/null
within 120 "the officer answered, and the cell talks" voice_is cell talking
within 120 "the cell is heard at the post's loudspeaker" heard post 500
within 120 "the post is heard at the cell's loudspeaker" heard cell 800

# The cell's card is pulled out in the call, and returned three seconds later.
card_pull cell
sleep 3
expect "the call is kept while the card is gone" voice_is post talking
expect "its process lives" voice_alive cell
card_return cell
returned=$(uptime_cs)
until_true 60 card_is_open cell
at_most "the returned card is open again" 500 $(($(uptime_cs) - returned))
within 120 "the cell is heard again" heard post 500
within 120 "the post is heard again" heard cell 800

before="$(open_files cell) files"
resident=$(resident_kib cell)
pulls=0
while [ $pulls -lt 100 ]; do
    card_pull cell
    sleep 0.2
    card_return cell
    until_true 20 card_is_open cell || { fail "pull $pulls: the card is not taken up again"; break; }
    pulls=$((pulls + 1))
    tally 1 unplugs in a call
done
equal "after $pulls unplugs it has as many open files" "$before" "$(open_files cell) files"
grown=$(($(resident_kib cell) - resident))
note "resident $resident KiB before, $((resident + grown)) after"
expect "and no more memory: $grown KiB (bound 1024)" test $grown -le 1024
expect "the call still stands" voice_is post talking
within 120 "the cell is heard after all of them" heard post 500

for round in 1 2 3; do
    voice_signal cell STOP
    sleep 0.3
    voice_signal cell CONT
    within 120 "round $round: heard again after standing still for 300 ms" heard post 500
done
expect "and the call stands" voice_is post talking
wp_ask post hangup --officer $OFFICER >/dev/null
within 120 "hung up" voice_has_no_call cell
expect "the cell's alarm process lives" wp_alive cell
end_story
