#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Makes the notices that a cell hears, in Chinese and English, from the sentences below. Their bytes are kept,
# so that no build needs a synthesizer. A facility's own speaker: put recordings of the same names into
# Sources/SoundAgent/Notices instead, and build.
# Debian: espeak-ng sox opus-tools. usage: make_notices.sh [FOLDER]
set -eu
cd "${1:-$(dirname "$0")/../../Sources/SoundAgent/Notices}"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

notice() {
    espeak-ng -v cmn -s 165 -w "$scratch/zh.wav" "$2"
    espeak-ng -v en-gb -s 155 -w "$scratch/en.wav" "$3"
    # Nothing silent at either end, half a second between the languages, all as loud as a voice.
    for language in zh en; do
        sox "$scratch/$language.wav" -r 48000 "$scratch/$language.cut.wav" gain -3 \
            silence 1 0.01 0.5% reverse silence 1 0.01 0.5% reverse
    done
    sox -n -r 48000 "$scratch/pause.wav" trim 0 0.5
    sox "$scratch/zh.cut.wav" "$scratch/pause.wav" "$scratch/en.cut.wav" "$scratch/all.wav" \
        gain -6 highpass 150 norm -4
    opusenc --quiet --bitrate 16 --vbr --speech --framesize 60 --discard-comments --serial "$4" \
        "$scratch/all.wav" "$1.opus"
}

notice help-told '已通知民警，请稍候。' 'Help has been told. Please wait.' 1
notice busy '民警正在处理其他呼叫，请稍候。' 'All officers are in other calls. Please wait.' 2
notice failed '通话中断，正在重新呼叫。' 'The call broke off. It is being made again.' 3
notice unreachable '暂时无法接通，正在继续呼叫。' 'Nobody can be reached by voice yet. The call goes on.' 4
