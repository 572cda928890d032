#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What a technician does by the README, inside: a post is installed, joins a hub, and the hub sends it another site.
# Each sentence is looked at; /share/told keeps what held, /share/outcome whether all did.
set -uo pipefail
umask 022
outcome=well

# holds SENTENCE SECONDS COMMAND …: looks again and again until it is so, or not.
holds() {
    local sentence=$1 seconds=$2
    shift 2
    for _ in $(seq "$seconds"); do
        if "$@" >/dev/null 2>&1; then
            echo "units: held: $sentence" >>/share/told
            return
        fi
        sleep 1
    done
    echo "units: NOT: $sentence" >>/share/told
    outcome=ill
}
runs() { [ "$(systemctl show -p SubState --value "$1")" = running ] && [ "$(systemctl show -p NRestarts --value "$1")" = 0 ]; }
wall() { curl -sf http://127.0.0.1:7070/api/wall | grep -q "$1"; }
pid() { systemctl show -p MainPID --value watchpost-alarm; }
user() { [ "$(stat -c %U "/proc/$(systemctl show -p MainPID --value "$1")")" = "$2" ]; }

ip link set lo up 2>/dev/null
systemd-sysusers /usr/lib/sysusers.d/watchpost.conf
systemd-tmpfiles --create /usr/lib/tmpfiles.d/watchpost.conf
cd /srv/boards || exit 1
cat >site.yaml <<Y
site: Units
zones:
  ward-1: {title: 一监区, rings: [[post-a]]}
ladder: [30s, 60s]
terminals:
  - {id: post-a, role: post, zone: ward-1, title: 岗位, address: "127.0.0.1:7411", board: simulated-post.yaml,
     public-key: $(runuser -u watchpost -- watchpost keygen /var/lib/watchpost/terminal.key)}
  - {id: cell-101, role: cell, zone: ward-1, title: 一零一, address: "127.0.0.1:7401", board: simulated-cell.yaml,
     public-key: $(watchpost keygen /srv/cell.key)}
officers:
  - {number: P1042, name: 王}
operators: [watchpost-sync, watchpost-panel]
Y
watchpost apply site.yaml --terminal post-a --to /var/lib/watchpost/config/terminal.db
install -d -o watchpost-hub -g watchpost-hub -m 0700 /var/lib/watchpost-hub
install -m 0644 /var/lib/watchpost/config/terminal.db /etc/watchpost/site.db
printf '%s\n' 'names = localhost, 127.0.0.1' 'address = 127.0.0.1' 'site = /etc/watchpost/site.db' \
    >>/etc/watchpost/hub.conf
hub() { runuser -u watchpost-hub -- watchpost-hub --config /etc/watchpost/hub.conf "$@"; }
printf 'a password for one run\n2580\n' | hub --user lead --role supervisor --officer P1042
code=$(hub --code post-a)
systemctl start watchpost-hub
holds "the hub runs in its box, as a user of its own" 20 user watchpost-hub watchpost-hub
holds "its console answers" 20 curl -skf https://127.0.0.1:7080/
holds "its folder is its own alone" 5 \
    [ "$(stat -c '%U %a' /var/lib/watchpost-hub)" = 'watchpost-hub 700' ]

systemctl start watchpost-alarm watchpost-panel watchpost-site.path watchpost-sync
holds "the alarm agent runs as watchpost, in its box" 10 runs watchpost-alarm
holds "and as that user" 5 user watchpost-alarm watchpost
holds "the panel runs, and hears it" 10 wall 一零一
holds "sync waits to be joined" 5 [ ! -e /var/lib/watchpost-sync/hub ]
runuser -u watchpost-sync -- watchpost join https://127.0.0.1:7080 --code "$code"
systemctl start watchpost-sync
holds "joined, it runs as a user of its own" 10 runs watchpost-sync
holds "officers came down, and the panel may read them" 30 \
    runuser -u watchpost-panel -- test -r /var/lib/watchpost-sync/bundles/people.json
holds "sync may read the panel's journal and not write it" 10 runuser -u watchpost-sync -g watchpost -- \
    bash -c 'test -r /var/lib/watchpost-panel/duty.db && ! test -w /var/lib/watchpost-panel/duty.db'
holds "the alarm agent may read no key of sync's" 5 runuser -u watchpost -g watchpost -- \
    bash -c '! test -r /var/lib/watchpost-sync/key.pem'

before=$(pid)
sed -i 's/一零一/特管室/' site.yaml
watchpost apply site.yaml --terminal post-a --to /srv/new.db --version 5
chmod 0644 /srv/new.db
hub --publish site /srv/new.db
holds "a site came down from the hub" 40 [ -e /var/lib/watchpost-sync/bundles/site.db ]
holds "the path unit made the alarm agent start anew" 20 bash -c "[ $before != \$(systemctl show -p MainPID --value watchpost-alarm) ]"
holds "the new site is in force" 20 wall 特管室
holds "nothing of it fell over" 5 runs watchpost-alarm
holds "nor sync" 5 runs watchpost-sync
holds "nor the hub" 5 runs watchpost-hub
echo "$outcome" >/share/outcome
