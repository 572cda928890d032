#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# prepare.sh: Debian's kernel, a GPIO simulator for it and an initramfs, in the cache; prints the directory they are in.
#
# Debian's kernels are built without CONFIG_GPIO_SIM, so that one module is built here from Debian's own source of the
# same version. Nothing is installed: packages are downloaded and unpacked. The second run finds everything and is instant.
set -euo pipefail
. "$(dirname "$0")/needs.sh"

# A busybox that needs libraries is of no use in an initramfs.
ldd "$(command -v busybox)" >/dev/null 2>&1 && need /missing/static=busybox-static
need busybox=busybox-static cpio=cpio modprobe=kmod gcc=gcc make=make xz=xz-utils

kernel=$(kernel_package)
[ -n "$kernel" ] || { refresh_packages; kernel=$(kernel_package); }
[ -n "$kernel" ] || die "apt knows no linux-image-amd64: is the Debian mirror in /etc/apt/sources.list?"
release=${kernel#linux-image-}          # 6.1.0-56-amd64
series=$(cut -d. -f1,2 <<<"$release")   # 6.1
home=$cache/$release
unpacked=$home/unpacked
mkdir -p "$home"
exec 9>"$home/.lock"
flock 9                                 # two runs at once prepare once

# Modules of the guest, in the order of loading; modprobe adds what they depend on.
modules=(virtio_pci virtio_blk 9pnet_virtio 9p overlay ext4 configfs veth sch_netem softdog snd-aloop)

unpack() {
    local flavour=${release##*-} headers=linux-headers-$release image=$kernel
    local names=("$image" "$headers" "linux-headers-${release%-"$flavour"}-common" "linux-kbuild-$series" "linux-source-$series")
    local debs=$home/debs version
    rm -rf "$debs" "$unpacked"
    mkdir -p "$debs" "$unpacked"
    say "downloading ${names[*]}"
    # Source, headers and image of one version: a mirror in mid-update may offer a newer source.
    version=$(apt-cache show "$image" | awk '$1 == "Version:" { print $2; exit }')
    (cd "$debs" && apt-get download -qq "${names[@]/%/=$version}" 2>"$home/apt.log") || {
        refresh_packages
        (cd "$debs" && apt-get download -qq "${names[@]/%/=$version}" 2>"$home/apt.log")
    } || die "apt-get download failed: $(tail -1 "$home/apt.log")"
    local deb
    for deb in "$debs"/*.deb; do dpkg-deb -x "$deb" "$unpacked"; done
    sed -i "s#/usr/src/#$unpacked/usr/src/#" "$unpacked/usr/src/$headers/Makefile"
    cp "$unpacked/boot/vmlinuz-$release" "$home/vmlinuz"
    local source=linux-source-$series
    rm -rf "$home/source"
    mkdir -p "$home/source"
    tar -xJf "$unpacked/usr/src/$source.tar.xz" -C "$home/source" --strip-components=1 --occurrence=1 \
        "$source/drivers/gpio/gpio-sim.c" "$source/drivers/gpio/gpiolib.h" "$source/kernel/irq/irq_sim.c"
    rm -rf "$debs" "$unpacked/usr/src/$source.tar.xz"    # 138 MB, of which three files are used
}

# The simulator's interrupts come from irq_sim, which Debian leaves out too: both go into one module. irq_sim is made for
# the kernel proper and uses one symbol that modules do not get; the exported function beside it does the same.
# And when a chip is pulled while its lines are in use, 6.1 frees the simulated interrupts under their users, and the
# kernel's memory with them ("REMOVING GPIOCHIP WITH GPIOS STILL REQUESTED", later a crash): here they are left to leak.
build_simulator() {
    local build=$home/gpio-sim from=$home/source
    say "building gpio-sim.ko for $release"
    rm -rf "$build"
    mkdir -p "$build"
    cp "$from/drivers/gpio/gpiolib.h" "$build/gpiolib.h"
    sed -e 's/^\t\tirq_dispose_mapping(irq_find_mapping(.*/\t\t;/' \
        "$from/drivers/gpio/gpio-sim.c" >"$build/sim_chip.c"
    sed -e 's/handle_simple_irq(irq_to_desc(irqnum))/generic_handle_irq(irqnum)/' \
        -e '/^static void devm_irq_domain_remove_sim/,/^}/s/irq_domain_remove_sim(domain);/(void)domain;/' \
        "$from/kernel/irq/irq_sim.c" >"$build/irq_sim.c"
    printf 'obj-m := gpio-sim.o\ngpio-sim-y := sim_chip.o irq_sim.o\n' >"$build/Kbuild"
    make -s -C "$unpacked/usr/src/linux-headers-$release" M="$build" CC="$(compiler)" modules >"$build/log" 2>&1 ||
        { tail -20 "$build/log" >&2; die "gpio-sim.ko could not be built: $build/log"; }
    cp "$build/gpio-sim.ko" "$home/gpio-sim.ko"
}

# The kernel's own compiler where it is installed; else the default one, which for one small module is as good.
compiler() {
    local its
    its=$(sed -n 's/^CONFIG_CC_VERSION_TEXT="\([^ ]*\) .*/\1/p' "$unpacked/usr/src/linux-headers-$release/.config")
    command -v "${its#x86_64-linux-gnu-}" || command -v gcc
}

build_initramfs() {
    local tree=$home/initramfs.tree path module
    say "packing the initramfs"
    rm -rf "$tree"
    mkdir -p "$tree"/{bin,dev,proc,sys,lib,tmp}
    cp "$(command -v busybox)" "$tree/bin/busybox"
    cp "$rig/guest/init" "$tree/init"
    chmod 755 "$tree/init"
    depmod -b "$unpacked" "$release" 2>/dev/null || true
    : >"$tree/modules"
    for module in "${modules[@]}"; do
        modprobe -d "$unpacked" -S "$release" --show-depends "$module" |
            awk '$1 == "insmod" { print $2 }' >"$home/depends" || die "no module $module in $kernel"
        while read -r path; do
            [ -e "$tree/lib/${path##*/}" ] && continue
            case $path in
                *.xz) xz -dc "$path" >"$tree/lib/$(basename "$path" .xz)"; path=${path%.xz} ;;
                *) cp "$path" "$tree/lib/" ;;
            esac
            echo "${path##*/}" >>"$tree/modules"
        done <"$home/depends"
    done
    # Two cards, named after who speaks there.
    sed -i 's/^snd-aloop\.ko$/& enable=1,1 id=cell,post pcm_substreams=1/' "$tree/modules"
    cp "$home/gpio-sim.ko" "$tree/lib/"
    echo gpio-sim.ko >>"$tree/modules"
    (cd "$tree" && find . | cpio --quiet -o -H newc | gzip -1) >"$home/initramfs.new"
    mv "$home/initramfs.new" "$home/initramfs"
}

PATH=$PATH:/usr/sbin:/sbin
# Made anew when this script or the guest's init changed.
stamp=$(cat "$rig/guest/init" "$0" | sha256sum)
if [ "$stamp" != "$(cat "$home/stamp" 2>/dev/null)" ]; then
    [ -e "$home/source/kernel/irq/irq_sim.c" ] || unpack
    build_simulator
    build_initramfs
    echo "$stamp" >"$home/stamp"
fi
echo "$home"
