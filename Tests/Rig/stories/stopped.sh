#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# 100 edges while the agent is stopped for 2 s: the press is raised from edges or level, and lost edges are told
. /rig/project/Tests/Rig/guest/story.sh
wp_scene

wp_signal cell STOP
contact cell/button edges 99 15000          # ends closed, and stays so
sleep 1
continued=$(wall_ms)
wp_signal cell CONT
within 30 "the press is on the post's list" wp_has_presses post 1
# Its time may be an edge's, from before the stop: only a raise after the wake must be quick.
at_most "raised after the agent went on" 100 $(wp_raised_since $continued "$PRESSED")
open_contact cell/button
tally 1 presses
tally 99 edges while the agent was stopped
if [ "$(cat /etc/debian_version | cut -d. -f1)" = 12 ]; then
    # libgpiod 1.6 has no numbers: 16 edges waited, whether more came nobody can say.
    within 30 "that edges may have been lost is told" wp_has post "$EDGES_LOST"
fi
wp_settle
within 30 "that trouble is cleared" wp_has_not post "$EDGES_LOST"

# With numbers, 1,024 edges are kept; more are told as a gap.
wp_signal cell STOP
contact cell/button edges 3000 100
continued=$(wall_ms)
wp_signal cell CONT
within 30 "3,000 edges: the loss is told" wp_has post "$EDGES_LOST"
at_most "told after the agent went on" 1000 $(wp_raised_since $continued "$EDGES_LOST")
tally 3000 edges while the agent was stopped
note "edges lost, by the cell's own word (null: cannot be known): $(wp_status cell | jq .edgesLost)"
press cell/button 100
within 30 "a press afterwards rings" wp_has post "$PRESSED"
tally 1 presses
end_story
