#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# the power is cut with an alarm standing: it stands again at both; of 20 cuts FULL loses nothing told, NORMAL loses some
# Acts of one story; power-cut.host boots them one after another and cuts the power. The disk is /dev/vda.
#   stand           an alarm is raised, confirmed and stored; waits for the cut
#   again           after the cut: the alarm stands, the journals verify
#   write [normal]  appends without end, saying what the journals have told to be stored
#   judge           every attached disk is one cut: says what its journals still hold
. /rig/project/Tests/Rig/guest/story.sh

# The disk is where the product keeps what must survive.
new_disk() { mkfs.ext4 -q -F /dev/vda && mount /dev/vda $state; }
# What a second reader sees of a journal has been flushed: in WAL mode with FULL, a commit shows after its fsync.
stored() { wp_journal $1 | wc -l; }

case $1 in
    stand)
        new_disk
        wp_scene
        contact cell/button presses 3 60 120 100 10 1 >/dev/null
        within 10 "3 presses stand at the post" wp_has_presses post 3
        within 5 "the cell's lamp has been promised" wp_has cell "$PRESSED and .annunciated != null"
        sleep 3
        wp_select post "$PRESSED" | jq -c '[.alarm, .presses]' >/rig/out/standing
        tally 3 presses
        echo RIG-CUT
        sleep 600
        ;;
    again)
        mount /dev/vda $state
        wp_boards
        wp_network
        mkdir -p $runtime
        for place in cell post; do mkdir -p $runtime/$(wp_id $place); done
        wp_start cell
        wp_start post
        before=$(cat /rig/out/standing)
        within 60 "after the cut the alarm stands at the post" wp_has_presses post 3
        equal "the same alarm, as often pressed" "$before" "$(wp_select post "$PRESSED" | jq -c '[.alarm, .presses]')"
        equal "and at the cell" "$before" "$(wp_select cell "$PRESSED" | jq -c '[.alarm, .presses]')"
        within 10 "the buzzer sounds" high post/buzzer
        expect "the cell's journal verifies" wp_verify cell
        expect "the post's journal verifies" wp_verify post
        wp_settle
        within 10 "it can be attended and cleared" wp_quiet
        ;;
    write)
        new_disk
        wp_boards
        wp_network
        wp_configure || { fail "the rig's configuration is refused"; end_story; }
        [ "$2" = normal ] && control=LD_PRELOAD=/rig/out/normal.so
        wp_start cell $control
        wp_start post $control
        within 90 "cell and post run" wp_quiet
        [ "$2" = normal ] && expect "the control took" grep -q 'control: synchronous=NORMAL' /rig/out/cell.log
        # A tamper contact that flaps: a trouble begins and ends each time, at both terminals, without an officer.
        contact cell/tamper presses 100000 300 400 300 0 5 >/dev/null &
        while :; do echo "RIG-STORED $(stored cell) $(stored post) ."; done
        ;;
    judge)
        for device in /dev/vd?; do
            [ -e $device ] || continue
            mount $device $state
            verified=yes
            for place in cell post; do wp_verify $place 2>/dev/null || verified=no; done
            tell "kept    ${device#/dev/vd} $(stored cell) $(stored post) $verified"
            umount $state
        done
        ;;
esac
end_story
