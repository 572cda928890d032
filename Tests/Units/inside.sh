#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The first process of the namespaces: lays an overlay over this machine's root, installs the units as `make install`
# does, and becomes systemd. Nothing of it is left on the machine. $1: a folder that both sides see.
set -euo pipefail
folder=$1
mount --make-rprivate /
mkdir "$folder/layers"
mount -t tmpfs tmpfs "$folder/layers"
mkdir "$folder"/layers/{upper,work,root}
root=$folder/layers/root
mount -t overlay overlay -o "lowerdir=/,upperdir=$folder/layers/upper,workdir=$folder/layers/work" "$root"
mount -t proc proc "$root/proc"
mount -t sysfs -o ro sysfs "$root/sys"
# The kernel is everybody's: nothing in here sets anything of it.
mount --bind "$root/proc/sys" "$root/proc/sys"
mount -o remount,ro,bind "$root/proc/sys"
mount -t tmpfs tmpfs "$root/run"
mount -t tmpfs tmpfs "$root/dev"
for name in null zero full random urandom tty; do
    mknod -m 666 "$root/dev/$name" c $(stat -c '0x%t 0x%T' /dev/$name)
done
mkdir "$root/dev/pts" "$root/dev/shm"
mount -t devpts -o newinstance,ptmxmode=0666 devpts "$root/dev/pts"
mount -t tmpfs tmpfs "$root/dev/shm"
ln -s pts/ptmx "$root/dev/ptmx"
ln -s /proc/self/fd "$root/dev/fd"
# Of the cgroups the one that systemd keeps its processes apart with.
mount -t tmpfs tmpfs "$root/sys/fs/cgroup"
mkdir "$root/sys/fs/cgroup/systemd"
mount -t cgroup -o none,name=systemd cgroup "$root/sys/fs/cgroup/systemd"

for name in alarm sync panel hub; do install "$WATCHPOST_BIN/watchpost-$name" "$root/usr/bin/"; done
install "$WATCHPOST_BIN/watchpost" "$root/usr/bin/"
units=$root/etc/systemd/system
rm -rf "${units:?}"/* "$root"/{lib,usr/lib}/systemd/system/{sysinit,basic,local-fs,sockets,timers}.target.wants
install -m 0644 "$WATCHPOST_TREE"/systemd/*.service "$WATCHPOST_TREE"/systemd/*.path "$units/"
install -D -m 0644 "$WATCHPOST_TREE/systemd/watchpost.sysusers" "$root/usr/lib/sysusers.d/watchpost.conf"
install -D -m 0644 "$WATCHPOST_TREE/systemd/hub.conf" "$root/etc/watchpost/hub.conf"
install -D -m 0644 "$WATCHPOST_TREE/systemd/watchpost.tmpfiles" "$root/usr/lib/tmpfiles.d/watchpost.conf"
install -d "$root/srv/boards" "$root/share"
install -m 0644 "$WATCHPOST_TREE"/board-configs/*.yaml "$root/srv/boards/"
install "$WATCHPOST_TREE/Tests/Units/story.sh" "$root/srv/story.sh"
mount --bind "$folder/share" "$root/share"
touch "$folder/share/systemd.log"
ln -s /share/systemd.log "$root/dev/console"
for name in alarm sync panel site hub; do
    install -d "$units/watchpost-$name.service.d"
    printf '[Service]\nStandardOutput=append:/share/%s.log\nStandardError=inherit\n' $name \
        >"$units/watchpost-$name.service.d/log.conf"
done
printf '[Unit]\nDefaultDependencies=no\nWants=story.service\n' >"$units/story.target"
printf '[Unit]\nDefaultDependencies=no\n[Service]\nType=oneshot\nExecStart=/srv/story.sh\n%s\n' \
    'StandardOutput=append:/share/story.log
StandardError=inherit' >"$units/story.service"

cd "$root"
mkdir -p oldroot
pivot_root . oldroot
umount -l /oldroot
exec env -i container=watchpost PATH=/usr/sbin:/usr/bin:/sbin:/bin \
    /lib/systemd/systemd --system --unit=story.target --log-target=console --show-status=no
