#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# a terminal without a clock battery, started in 1970: a press rings, and its time is told as unknown
# boot: --rtc 1970-01-01
. /rig/project/Tests/Rig/guest/story.sh
equal "the year" 1970 "$(date +%Y)"
wp_scene
press cell/button 100
wp_rings "the press"
within 10 "the buzzer sounds" high post/buzzer
within 10 "the lamp in the cell is lit" high cell/lamp
expect "how far off the time is, is unknown" wp_has post "$PRESSED and .raisedUncertaintyMs == null"
tally 1 presses
wp_settle
within 30 "cleared" wp_has_not post "$PRESSED"
expect "the cell's journal verifies" wp_verify cell
end_story
