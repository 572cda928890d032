#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# the cell's GPIO chip is pulled: trouble at the post within 2 s; returned: presses work again 2 s later
. /rig/project/Tests/Rig/guest/story.sh
wp_scene
trouble=".terminal == \"$CELL\" and .cause == \"lineFault\""

round=1
while [ $round -le 3 ]; do
    pulled=$(wall_ms)
    chip_pull cell
    within 30 "round $round: the trouble is on the post's list" wp_has post "$trouble"
    at_most "round $round: raised after the chip was pulled" 200 $(wp_raised_since $pulled "$trouble")
    expect "round $round: the agent lives" wp_alive cell
    chip_return cell
    sleep 2
    press cell/button 100
    wp_rings "round $round: a press 2 s after the return"
    within 30 "round $round: the trouble has ended by itself" wp_has_not post "$trouble"
    equal "round $round: one press" 1 "$(wp_presses post)"
    tally 1 presses
    tally 1 chips pulled and returned
    wp_settle
    within 30 "round $round: cleared" wp_has_not post "$PRESSED"
    round=$((round + 1))
done
end_story
