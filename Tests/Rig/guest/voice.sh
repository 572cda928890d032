# SPDX-License-Identifier: Apache-2.0
# Sourced by stories with a voice: snd-aloop's two cards, `cell` and `post`. What a terminal plays on its device 0 is
# heard on device 1, and what is played there it hears: device 1 is the person before the terminal.

# Light: emulated arithmetic is some thirty times slower than a terminal's.
voice_start() {
    place=$1
    mkdir -p $(voice_folder $place)
    (in_place $place nice -n -15 /rig/bin/watchpost-sound --light --config $state/config/$(wp_id $place).db \
        --journal $(voice_folder $place)/call.db >>/rig/out/$place-sound.log 2>&1) &
    echo $! >$runtime/$place-sound.pid
}
voice_folder() { echo $state/voice/$1; }
voice_pid() { cat $runtime/$1-sound.pid; }
voice_signal() { kill -$2 $(voice_pid $1); }
voice_alive() { kill -0 $(voice_pid $1) 2>/dev/null; }

voice_calls() { wp_ask $1 calls 2>/dev/null; }
voice_is() { [ -n "$(voice_calls $1 | jq -c "select(.phase == \"$2\")")" ]; }
voice_both_answer() { voice_said cell ready && voice_said post ready; }
# voice_said PLACE WORDS: in its log, because asking with the tool takes the processor from the voice here.
voice_said() { grep -q "$2" /rig/out/$1-sound.log; }

# speak PLACE HERTZ: half a second of a tone, half a second of silence, again and again, whether the card is there or not.
speak() {
    sox -n -r 16000 -c 1 -b 16 /tmp/$2.wav synth 0.5 sine $2 vol 0.4 pad 0 0.5 repeat 19
    (while :; do aplay -q -D plughw:CARD=$1,DEV=1 /tmp/$2.wav >/dev/null 2>&1 || sleep 0.2; done) &
    speakers="${speakers:-} $!"
}
silence_people() {
    kill $speakers
    pkill -x aplay
    speakers=
}

# The scene, and a call in it that both hear.
voice_talk() {
    [ -x /rig/bin/watchpost-sound ] || { fail "no watchpost-sound among the binaries"; end_story; }
    [ -e /proc/asound/cell ] && [ -e /proc/asound/post ] || { fail "no two loopback cards"; end_story; }
    voice=yes
    wp_scene
    voice_start cell
    voice_start post
    within 120 "both voices answer" voice_both_answer
    speak cell 500
    speak post 800
    press cell/call
    within 60 "the press rings at the post" voice_said post "bell cellCall"
    wp_ask post answer --officer $OFFICER >/dev/null
    within 60 "the officer answered, and the cell talks" voice_said cell "answered by post-rig"
    within 60 "the cell is heard at the post's loudspeaker" heard post 500
    within 60 "the post is heard at the cell's loudspeaker" heard cell 800
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
threads() { ls /proc/$(voice_pid $1)/task | wc -l; }
held_by() { echo "$(open_files $1) files, $(threads $1) threads"; }

recording_verifies() {
    for file in $(voice_folder $1)/recordings/*.opus; do
        [ -e "$file" ] && $watchpost verify "$file" >/dev/null || return 1
    done
}

# A phone beside the cell calls the post and plays 400 Hz.
music_calls() {
    sox -n -r 8000 -c 1 -e a-law -t raw /tmp/music.al synth 4 sine 400 vol 0.4
    (in_place cell sipp -sf /rig/project/Tests/Rig/guest/music.xml -i 10.77.0.1 -p 5070 -m 1 \
        10.77.0.2:5060 </dev/null >/rig/out/sipp.log 2>&1) &
}

# Takes down for so many seconds what a loudspeaker plays.
ear_opens() {
    arecord -q -D plughw:CARD=$1,DEV=1 -f S16_LE -r 16000 -c 1 -d $2 /tmp/ear.wav >/dev/null 2>&1 &
    ear=$!
}
ear_closes() { wait $ear; }

# Hundredths of a second from the alarm tone's first sample (740 and 980 Hz) to the last of loud music (400 Hz).
music_cut() {
    sox /tmp/ear.wav -r 4000 -t dat /tmp/music.dat bandpass 400 60
    sox /tmp/ear.wav -r 4000 -t dat /tmp/alarm.dat highpass 650 highpass 650
    cat /tmp/music.dat /tmp/alarm.dat | awk '
        $1 == ";" { file += /Sample/; next }
        file == 1 { if ($2 * $2 > 0.003) music = $1 }
        file == 2 { if (alarm == "" && $2 * $2 > 0.02) alarm = $1 }
        END { if (alarm != "" && music != "") printf "%d", (music - alarm) * 100 }'
}
