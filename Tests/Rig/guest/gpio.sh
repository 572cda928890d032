# SPDX-License-Identifier: Apache-2.0
# Sourced by stories: chips, contacts and lamps of the kernel's GPIO simulator.
# A line is written CHIP/LINE: `cell/button`. A contact that is played pulls its line up; at rest the line is low. `gpio_chip`
# is told with a leading ^ of lines that rest high and are pulled down (a normally-closed contact).

gpio_config=/sys/kernel/config/gpio-sim
gpio_state=/run/rig-gpio
mkdir -p $gpio_state

# gpio_chip CHIP LABEL LINE…: a chip with lines of these names, all at rest.
gpio_chip() {
    chip=$1 label=$2
    shift 2
    bank=$gpio_config/$chip/bank0
    mkdir -p $bank $gpio_state/$chip
    echo "$label" >$bank/label
    echo $# >$bank/num_lines
    offset=0
    for line; do
        case $line in
            ^*) line=${line#^}; echo "pull-down pull-up" >$gpio_state/$chip/$line ;;
            *) echo "pull-up pull-down" >$gpio_state/$chip/$line ;;
        esac
        mkdir $bank/line$offset
        echo "$line" >$bank/line$offset/name
        echo $offset >$gpio_state/$chip/$line.offset
        offset=$((offset + 1))
    done
    chip_return $chip
}

# The directory of one line: `pull` and `value` are in it. It changes when a chip comes back.
gpio_line() {
    chip=${1%/*}
    read -r offset <$gpio_state/$chip/${1#*/}.offset
    read -r device <$gpio_config/$chip/dev_name
    read -r name <$gpio_config/$chip/bank0/chip_name
    echo /sys/devices/platform/$device/$name/sim_gpio$offset
}

# contact CHIP/LINE COMMAND…: see contact.c.
contact() {
    read -r closed open <$gpio_state/$1
    directory=$(gpio_line $1)
    shift
    /rig/out/contact $directory/pull $closed $open "$@"
}

close_contact() { read -r closed open <$gpio_state/$1; echo $closed >$(gpio_line $1)/pull; }
open_contact() { read -r closed open <$gpio_state/$1; echo $open >$(gpio_line $1)/pull; }
press() { contact $1 for ${2:-100} >/dev/null; }

# What an output drives: 0 or 1.
output() { cat $(gpio_line $1)/value; }
high() { [ "$(output $1)" = 1 ]; }

chip_pull() { echo 0 >$gpio_config/$1/live; }
chip_return() {
    echo 1 >$gpio_config/$1/live
    for name in $gpio_state/$1/*.offset; do
        name=${name##*/}
        open_contact $1/${name%.offset}
    done
}
