#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The rig itself, before anything of ours runs on it: libgpiod's own tools see named lines, edges and outputs.
. /rig/project/Tests/Rig/guest/story.sh

gpio_chip cell rig-cell button attend tamper lamp
gpio_chip post rig-post ack buzzer

expect "gpioinfo shows the label and the line's name" sh -c 'gpiodetect | grep -q rig-cell && gpioinfo | grep -q button'

# gpiofind is 1.6; gpiomon of 2.x takes the name itself.
if command -v gpiofind >/dev/null; then
    gpiomon --bias=as-is $(gpiofind button) >/tmp/edges &
else
    gpiomon --bias=as-is --chip "$(gpiodetect | sed -n 's/ .*rig-cell.*//p')" button >/tmp/edges &
fi
monitor=$!
sleep 2
contact cell/button presses 20 50 120 80 0 7
sleep 1
kill $monitor
wait $monitor
equal "edges that gpiomon saw of 20 clean presses" 40 $(wc -l </tmp/edges)

if command -v gpiofind >/dev/null; then
    gpioset --mode=signal $(gpiofind buzzer)=1 &
else
    gpioset --chip "$(gpiodetect | sed -n 's/ .*rig-post.*//p')" buzzer=1 &
fi
setter=$!
within 5 "an output's value is seen from outside" test "$(sleep 1; output post/buzzer)" = 1
kill $setter

gpio_chip bench rig-bench a
contact bench/a glitches 100 2000 5 3
contact bench/a edges 100 0
contact bench/a presses 10 50 200 60 30 1
from=$(uptime_cs)
chip_pull bench
expect "a pulled chip is gone" sh -c '! gpiodetect | grep -q rig-bench'
chip_return bench
expect "a returned chip is back" sh -c 'gpiodetect | grep -q rig-bench'
note "pulled and returned in $(seconds $(($(uptime_cs) - from))) s"
end_story
