#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# boot.sh [options] SCRIPT [ARGUMENT…]: boots the guest, runs SCRIPT (a path in the project) in it, exits as SCRIPT did.
#
#   --root DIR     the root to share with the guest; it is never written to              (/)
#   --bin DIR      seen as /rig/bin: the binaries under test                             (an empty directory)
#   --out DIR      seen as /rig/out, writable: what the story leaves behind              (a temporary one)
#   --rtc BASE     the machine's clock at power-on, as QEMU's -rtc base=                 (now)
#   --disk FILE    a raw disk image, seen as /dev/vda, /dev/vdb …; may be repeated
#   --copy FILE    as --disk, but what the guest writes is thrown away
#   --log FILE     the guest's console, also printed                                     (OUT/console.log)
#   --pid FILE     where QEMU's process id is left, for those who cut the power
#   --timeout S    seconds after which the power is cut and the run has failed          (1200)
# Exits 124 on time-out, 125 when the guest ended without its story's end: a power cut, or a crash.
set -euo pipefail
. "$(dirname "$0")/needs.sh"

root=/ bin= out= rtc=utc log= pid_file= limit=1200 memory=1024 drives=()
while [ $# -gt 0 ]; do
    case $1 in
        --root) root=$2 ;;
        --bin) bin=$2 ;;
        --out) out=$2 ;;
        --rtc) rtc=$2 ;;
        --disk) drives+=(-drive "file=$2,format=raw,if=virtio,cache=writeback") ;;
        --copy) drives+=(-drive "file=$2,format=raw,if=virtio,snapshot=on") ;;
        --log) log=$2 ;;
        --pid) pid_file=$2 ;;
        --timeout) limit=$2 ;;
        --*) die "boot.sh: unknown option $1" ;;
        *) break ;;
    esac
    shift 2
done
[ $# -gt 0 ] || die "boot.sh: no script given"
script=$1
shift
[ -e "$project/$script" ] || die "boot.sh: no $script in $project"

need qemu-system-x86_64=qemu-system-x86
home=$("$rig/prepare.sh")
work=$(mktemp -d)
qemu=
# shellcheck disable=SC2317
end() { [ -n "$qemu" ] && kill -9 "$qemu" 2>/dev/null; rm -rf "$work"; }
trap end EXIT
out=${out:-$work/out}
bin=${bin:-$work/bin}
mkdir -p "$out" "$bin"
log=${log:-$out/console.log}
boot_limit=180

share() { echo "local,path=$2,mount_tag=$1,security_model=none,multidevs=remap${3:-}"; }
arguments=$(IFS=,; echo "$*")
# TCG, not KVM: nested virtualisation hangs the guest on some machines, and a rig that works everywhere is worth more.
# no_timer_check: on a loaded machine emulated timers can miss the kernel's probe at boot, and then nothing ticks at all.
power_on() {
    : >"$log"
    qemu-system-x86_64 -accel tcg,thread=multi -cpu max -m "$memory" -smp 2 -nodefaults -display none -no-reboot \
        -rtc "base=$rtc" -serial "file:$log" -kernel "$home/vmlinuz" -initrd "$home/initramfs" \
        -append "console=ttyS0 quiet panic=-1 mitigations=off random.trust_cpu=on no_timer_check \
rig.script=/rig/project/$script${arguments:+ rig.args=$arguments}" \
        -virtfs "$(share host "$root" ,readonly=on)" -virtfs "$(share project "$project" ,readonly=on)" \
        -virtfs "$(share bin "$bin" ,readonly=on)" -virtfs "$(share out "$out")" \
        ${drives[@]+"${drives[@]}"} </dev/null 2>"$work/qemu.log" &
    qemu=$!
    [ -z "$pid_file" ] || echo "$qemu" >"$pid_file"
}

booted() {
    local waited
    for ((waited = 0; waited < boot_limit * 5; waited++)); do
        grep -q '^RIG-BOOTED' "$log" && return
        kill -0 "$qemu" || return 1
        sleep 0.2
    done 2>/dev/null
    return 1
}

power_on
# No word of the story was run yet: starting once more hides nothing of the product.
if ! booted; then
    say "the guest did not boot within $boot_limit s; once more"
    kill -9 "$qemu" 2>/dev/null || true
    wait "$qemu" 2>/dev/null || true
    power_on
fi

tail -n +1 -F --pid="$qemu" "$log" 2>/dev/null | sed -u -n 's/\r//; s/^RIG-BOOTED \(.*\)/rig: guest up after \1 s/; /^RIG-/d; p' &
follower=$!
status=0
for ((waited = 0; waited < limit * 5; waited++)); do
    kill -0 "$qemu" || break
    sleep 0.2
done 2>/dev/null    # the shell's own word on a killed job, too
if kill -0 "$qemu" 2>/dev/null; then
    say "$script: no end after $limit s, power cut"
    kill -9 "$qemu"
    status=124
fi
wait "$qemu" 2>/dev/null || true
qemu=
wait "$follower" 2>/dev/null || true
[ $status -ne 0 ] && exit $status
cat "$work/qemu.log" >&2
if grep -qE 'general protection fault|^\[[ .0-9]*\] (BUG|Oops)' "$log"; then
    say "the guest's own kernel failed (see $log): what the story found after that says nothing about the product"
    exit 125
fi
status=$(sed -n 's/\r//; s/^RIG-EXIT \([0-9]*\)$/\1/p' "$log" | tail -1)
exit "${status:-125}"
