#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# two people talk over snd-aloop; a card unplugged and returned; a voice that stood still; an alarm over a call's music
# boot: --timeout 900
. /rig/project/Tests/Rig/guest/story.sh
. /rig/project/Tests/Rig/guest/voice.sh

voice_talk

# The cell's card is pulled out in the call, and returned a second later.
card_pull cell
sleep 1
expect "its process lives while the card is gone" voice_alive cell
card_return cell
returned=$(uptime_cs)
until_true 60 card_is_open cell
at_most "the returned card is open again" 500 $(($(uptime_cs) - returned))
tally 1 unplugs in a call
within 60 "the cell is heard again" heard post 500
within 60 "the post is heard again" heard cell 800

for round in 1 2 3; do
    voice_signal cell STOP
    sleep 0.3
    voice_signal cell CONT
    within 60 "round $round: heard again after standing still for 300 ms" heard post 500
    tally 1 xruns made
done
expect "the call stands" voice_is post talking
wp_ask post hangup --officer $OFFICER >/dev/null
within 60 "hung up" voice_said cell "ended farHungUp"
tally 1 calls
for place in cell post; do within 60 "$place: the recording is there, and verifies" recording_verifies $place; done
wp_settle

# A phone plays music to the officer; an emergency cuts it.
silence_people
music_calls
within 60 "a phone rings at the post" voice_said post "bell routine"
wp_ask post answer --officer $OFFICER >/dev/null
within 60 "its music is heard" heard post 400
ear_opens post 20
sleep 2
press cell/button
within 60 "the emergency rings at the post" voice_said post "bell emergency"
ear_closes
cut=$(music_cut)
if [ -n "$cut" ]; then at_most "music was cut, from the alarm tone's first sample on" 25 $cut; else fail "no alarm tone was heard"; fi
tally 1 calls
for place in cell post; do expect "the $place's alarm process lives" wp_alive $place; done
end_story
