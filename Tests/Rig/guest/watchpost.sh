# SPDX-License-Identifier: Apache-2.0
# Sourced by stories: everything they ask of the product. One cell and one post, each in a network namespace of its own,
# joined by a cable. What the product calls things stands here and nowhere else in the rig.

CELL=cell-rig
POST=post-rig
OFFICER=P1042
state=/var/lib/watchpost                # where an installed terminal keeps its configuration, keys and journals
runtime=/run/watchpost
watchpost=/rig/bin/watchpost
mkdir -p $state

# The lines of the two boards, as board-configs/rig-cell.yaml and rig-post.yaml name them.
wp_boards() {
    gpio_chip cell wp-cell button call door tamper sup-no ^sup-nc lamp
    gpio_chip post wp-post ack silence attend clear buzzer-test duress buzzer alarm-lamp trouble-lamp
}

# Two namespaces and the cable between them.
wp_network() {
    for place in cell post; do
        ip netns add $place
        ip -n $place link set lo up
    done
    ip -n cell link add wire type veth peer name wire netns post
    ip -n cell address add 10.77.0.1/24 dev wire
    ip -n post address add 10.77.0.2/24 dev wire
    ip -n cell link set wire up
    ip -n post link set wire up
}

# in_place cell|post COMMAND…: on that terminal's network. Replaces the shell it is called in, so that `&` and $! work.
in_place() {
    place=$1
    shift
    exec nsenter --net=/run/netns/$place "$@"
}

wp_id() { case $1 in cell) echo $CELL ;; post) echo $POST ;; *) echo $1 ;; esac; }

# The site as board-configs has it; keys are made here, and each of the two terminals has its own paths.
wp_configure() {
    mkdir -p $state/config $state/keys $state/journal $runtime
    sites=$state/site
    mkdir -p $sites
    for place in cell post; do
        cp /rig/project/board-configs/rig-$place.yaml $sites/
        [ -z "${voice:-}" ] || echo "card: alsa:plughw:CARD=$place,DEV=0" >>$sites/rig-$place.yaml
        key=$state/keys/$(wp_id $place)
        [ -e $key ] || $watchpost keygen $key --json | jq -r .publicKey >$key.public || return 1
        mkdir -p $runtime/$(wp_id $place)
    done
    awk -v state=$state -v runtime=$runtime '
        $1 == "-" && $2 == "id:" { id = $3 }
        $1 == "public-key:" {
            getline key <(state "/keys/" id ".public")
            print "    public-key: \"" key "\""
            print "    key: " state "/keys/" id
            print "    journal: " state "/journal/" id ".db"
            print "    runtime: " runtime "/" id
            next
        }
        { print }' /rig/project/board-configs/rig-site.yaml >$sites/rig-site.yaml
    [ -z "${voice:-}" ] || printf '%s\n' "sound:" "  port: 5060" "  phones:" \
        "    - {name: music, user: music, address: '10.77.0.1:5070'}" >>$sites/rig-site.yaml
    $watchpost apply $sites/rig-site.yaml >/rig/out/apply.log 2>&1 || { cat /rig/out/apply.log; return 1; }
}

wp_journal_file() { echo $state/journal/$(wp_id $1).db; }

# wp_start cell|post [VARIABLE=VALUE …]: as urgent as the service unit makes it.
wp_start() {
    place=$1
    shift
    (in_place $place env "$@" nice -n -15 /rig/bin/watchpost-alarm --config $state/config/$(wp_id $place).db \
        >>/rig/out/$place.log 2>&1) &
    echo $! >$runtime/$place.pid
}

wp_signal() { kill -$2 $(cat $runtime/$1.pid); }
wp_stop() { wp_signal $1 TERM; wait $(cat $runtime/$1.pid); }
wp_alive() { kill -0 $(cat $runtime/$1.pid) 2>/dev/null; }

# wp_ask cell|post COMMAND …: on that terminal, because the tool is answered at an abstract socket, and those belong to a
# network namespace.
wp_ask() {
    asked=$1 command=$2
    shift 2
    (in_place $asked $watchpost "$command" --terminal $(wp_id $asked) "$@" --json)
}

# The standing alarms of a terminal, one JSON object a line: terminal, point, class, cause, phase, presses, ageMs, alarm …
wp_alarms() { wp_ask $1 alarms 2>/dev/null; }
wp_status() { wp_ask $1 status 2>/dev/null; }
wp_journal() { $watchpost journal $(wp_journal_file $1) --json 2>/dev/null; }
wp_verify() { $watchpost verify $(wp_journal_file $1) >/dev/null; }

# wp_select TERMINAL FILTER: those of its standing alarms that a jq condition fits.
wp_select() { wp_alarms $1 | jq -c "select($2)"; }
wp_count() { wp_select $1 "$2" | wc -l; }
PRESSED='.cause == "press"'
wp_presses() { wp_select $1 "$PRESSED" | jq -s 'map(.presses) | add // 0'; }

# wp_raised_since WALL_MS FILTER: after how many hundredths of a second the last such alarm was raised, by its own stamp.
wp_raised_since() { wp_select post "$2" | jq -s "map((.raisedWallMs - $1) / 10 | floor) | max // 99999"; }

# wp_stood_still PLAYED: while `contact presses` played, a processor of the machine stood still for so long that
# the kernel may have had no room for the edges: libgpiod 1.6 has it keep 16, and a bouncing contact makes them in 27 ms.
EDGES_LOST='.cause == "edgesLost"'
wp_stood_still() { [ "$(echo "$1" | sed 's/.*stall_us \([0-9]*\).*/\1/')" -ge 25000 ]; }

# wp_rings SENTENCE: a press is on the post's list and, by the cell's own word, was confirmed in time: the tools that look
# may take seconds under emulation, and say nothing about the product.
wp_rings() {
    within 30 "$1 rings" wp_has_presses post 1
    until_true 30 wp_has cell "$PRESSED and .annunciated != null"
    at_most "$1 was confirmed by the post" 500 \
        "$(wp_select cell "$PRESSED" | jq -s 'map((.annunciated.afterMs // 999990) / 10 | floor) | max // 99999')"
}

wp_has() { [ -n "$(wp_select $1 "$2")" ]; }
wp_has_not() { wp_answers $1 && ! wp_has $1 "$2"; }
wp_has_presses() { [ "$(wp_presses $1)" -ge $2 ]; }
wp_answers() { wp_status $1 >/dev/null; }
# Both run, see each other, and nothing stands.
wp_quiet() { wp_answers cell && wp_answers post && [ -z "$(wp_alarms post)$(wp_alarms cell)" ]; }

# An officer's deed at the post: wp_deed ack ALARM
wp_deed() { wp_ask post $1 --officer $OFFICER $2 >/dev/null; }

# Everything that was pressed is acknowledged, attended at the door, and cleared; so is a trouble that does not end by
# itself: under emulation the agent may come late, and libgpiod 1.6 cannot tell whether more edges came than it kept.
wp_settle() {
    for alarm in $(wp_select post "$EDGES_LOST" | jq -r .alarm); do
        wp_deed ack $alarm
        wp_deed clear $alarm
    done
    for alarm in $(wp_select post "$PRESSED" | jq -r .alarm); do wp_deed ack $alarm; done
    press cell/door 200
    for alarm in $(wp_select post "$PRESSED" | jq -r .alarm); do
        until_true 30 wp_attended $alarm
        wp_deed clear $alarm
    done
}
wp_attended() { wp_has post ".alarm == \"$1\" and .attended != null"; }

# The whole scene, ready to be pressed.
wp_scene() {
    wp_boards
    wp_network
    wp_configure || { fail "the rig's configuration is refused"; end_story; }
    wp_start cell
    wp_start post
    within 90 "cell and post run, and nothing stands" wp_quiet || { wp_describe; end_story; }
}

# For a story that has failed: what the product says of itself.
wp_describe() {
    for place in cell post; do
        note "$place, pid $(cat $runtime/$place.pid), alive: $(wp_alive $place && echo yes || echo no)"
        wp_ask $place status 2>&1
        wp_ask $place alarms 2>&1
        tail -5 /rig/out/$place.log
        for task in /proc/$(cat $runtime/$place.pid)/task/*; do
            note "$(cat $task/comm) $(cut -d' ' -f3,14,15 $task/stat) in $(cat $task/syscall) $(head -3 $task/stack | tr '\n' ' ')"
        done
    done
}
