#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# 200 presses of 50 ms and more, bouncing up to 30 ms at both ends, count 200; 200 contacts under 5 ms count none
. /rig/project/Tests/Rig/guest/story.sh
wp_scene

# One play of 50. A machine that itself stood still may lose edges before any agent can read them (the kernel's room is 16
# of them on libgpiod 1.6, and its own thread may see two as one): then the play is counted apart and made again.
play() {
    played=$(contact cell/button presses 50 50 200 80 30 $1)
    note "$played"
    doubtful=${played##* }
    if wp_stood_still "$played" && ! until_true 20 wp_has_presses post 50 && ! wp_has_presses cell 50; then
        missing=$((50 - $(wp_presses post)))
        note "round $round: the machine stood still; $missing presses missing, edges lost by the agent's own word:" \
            "$(wp_status cell | jq .edgesLost) (null: cannot be known), standing: $(wp_count post "$EDGES_LOST")"
        tally 50 presses while the machine itself stood still
        tally $missing presses missing among them
        return 1
    fi
    within 60 "round $round: the post has all 50 presses" wp_has_presses post 50
    sleep 1.5
    found=$(wp_presses post)
    expect "round $round: no press is doubled or lost at the post: $found of 50 (bounces stalled into presses: $doubtful)" \
        test "$found" -ge 50 -a "$found" -le $((50 + doubtful))
    equal "round $round: the cell counts the same" "$found" "$(wp_presses cell)"
    tally 50 presses
    tally $((found < 50 ? 50 - found : 0)) presses lost
    tally $((found > 50 + doubtful ? found - 50 : 0)) presses doubled
}

round=1 again=0
while [ $round -le 4 ]; do
    play $((round + again)) && counted=1 || counted=0
    equal "round $round: they are one alarm" 1 "$(wp_count post "$PRESSED")"
    [ $round = 1 ] && within 10 "the buzzer sounds" high post/buzzer
    [ $round = 1 ] && within 10 "the lamp in the cell is lit" high cell/lamp
    wp_settle
    within 30 "round $round: cleared" wp_has_not post "$PRESSED"
    if [ $counted = 0 ] && [ $again -lt 8 ]; then
        again=$((again + 1))
    else
        round=$((round + 1))
    fi
done
expect "the machine let four rounds be counted" test $again -lt 8

result=$(contact cell/button glitches 200 1500 60 9)
note "$result"
sleep 2
stalled=${result##* }
expect "no contact under 5 ms is a press ($stalled more were stalled into longer ones)" \
    test "$(wp_presses post)" -le "$stalled"
tally 200 glitches
expect "the cell's journal verifies" wp_verify cell
expect "the post's journal verifies" wp_verify post
end_story
