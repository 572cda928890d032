# SPDX-License-Identifier: Apache-2.0
# Sourced by stories with a voice: snd-aloop's two cards, `cell` and `post`. What a terminal plays on its device 0 is
# heard on device 1, and what is played there it hears: device 1 is the person before the terminal.

voice_start() {
    place=$1
    (in_place $place nice -n -15 /rig/bin/watchpost-sound --config $state/config/$(wp_id $place).db \
        --journal $state/journal/$(wp_id $place)-call.db >>/rig/out/$place-sound.log 2>&1) &
    echo $! >$runtime/$place-sound.pid
}
voice_pid() { cat $runtime/$1-sound.pid; }
voice_signal() { kill -$2 $(voice_pid $1); }
voice_alive() { kill -0 $(voice_pid $1) 2>/dev/null; }

voice_calls() { wp_ask $1 calls 2>/dev/null; }
voice_is() { [ -n "$(voice_calls $1 | jq -c "select(.phase == \"$2\")")" ]; }
voice_answers() { wp_ask $1 calls >/dev/null 2>&1; }
voice_both_answer() { voice_answers cell && voice_answers post; }
voice_has_no_call() { voice_answers $1 && [ -z "$(voice_calls $1)" ]; }

# speak PLACE HERTZ: half a second of a tone, half a second of silence, again and again, whether the card is there or not.
speak() {
    sox -n -r 16000 -c 1 -b 16 /tmp/$2.wav synth 0.5 sine $2 vol 0.4 pad 0 0.5 repeat 19
    (while :; do aplay -q -D plughw:CARD=$1,DEV=1 /tmp/$2.wav >/dev/null 2>&1 || sleep 0.2; done) &
}

# heard PLACE HERTZ: three seconds of what its loudspeaker plays have this tone, and little else.
heard() {
    rm -f /tmp/ear.wav
    arecord -q -D plughw:CARD=$1,DEV=1 -f S16_LE -r 16000 -c 1 -d 3 /tmp/ear.wav >/dev/null 2>&1 || return 1
    all=$(sox /tmp/ear.wav -n stat 2>&1 | awk '/^RMS .*amplitude/ { print $3 }')
    tone=$(sox /tmp/ear.wav -n bandpass $2 100 stat 2>&1 | awk '/^RMS .*amplitude/ { print $3 }')
    awk -v all="$all" -v tone="$tone" 'BEGIN { exit !(tone > 0.004 && tone > 0.4 * all) }'
}

card_number() { [ $1 = cell ] && echo 0 || echo 1; }
card_pull() { echo snd_aloop.$(card_number $1) >/sys/bus/platform/drivers/snd_aloop/unbind; }
card_return() { echo snd_aloop.$(card_number $1) >/sys/bus/platform/drivers/snd_aloop/bind; }
# Both directions.
card_is_open() { [ "$(ls -l /proc/$(voice_pid $1)/fd 2>/dev/null | grep -c '/dev/snd/pcm')" -ge 2 ]; }
open_files() { ls /proc/$(voice_pid $1)/fd | wc -l; }
resident_kib() { awk '$1 == "VmRSS:" { print $2 }' /proc/$(voice_pid $1)/status; }
