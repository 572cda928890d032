# SPDX-License-Identifier: Apache-2.0
# Each of these does its own set-up; `make help` lists them.

# One build command everywhere: a room may import only what Package.swift says it depends on.
BUILD   := swift build --explicit-target-dependency-import-check error
# What only runs here needs no debug information (the tests name file and line themselves) and no index of every
# system header for an editor: without it a module of ours takes 40 % less processor.
DEBUG   := -debug-info-format none -Xswiftc -index-ignore-system-modules -Xswiftc -use-ld=lld
# What ships: the Swift runtime inside, nothing unused. Not stripped here, so that `nm` can tell what is in it.
RELEASE := $(BUILD) -c release --static-swift-stdlib -Xswiftc -use-ld=lld \
           -Xlinker --gc-sections -Xlinker --icf=all -Xlinker -z -Xlinker pack-relative-relocs --scratch-path .build-release
SHIPPED := .build-release/release
PRODUCTS := watchpost-alarm watchpost watchpost-sound watchpost-sync watchpost-panel watchpost-hub hub-load
SETUP   := .ci/setup

# What has to answer in time goes by itself, not beside a thousand tests that keep two cores busy: hubs and their terminals;
# and what is heard in real time, one test after another.
WEB     := HubServerTests|SyncAgentTests|PanelServerTests|ConsoleServerTests
VOICE   := AudioTests|IntercomTests|SoundAgentTests|VoiceKillTests
# Hundreds of loopback ends are open at once.
TESTS    = ulimit -n $$(ulimit -Hn); WATCHPOST_ALARM_STATIC=$(abspath $(SHIPPED)/watchpost-alarm) swift test --skip-build $(DEBUG)

PREFIX  ?= /usr
BINDIR   = $(DESTDIR)$(PREFIX)/bin
LIBDIR   = $(DESTDIR)$(PREFIX)/lib
SHARE    = $(DESTDIR)$(PREFIX)/share/watchpost

.PHONY: help run test test-long test-console test-units test-api rig bench bench-hub bench-voice build build-alarm build-sound format lint install clean

help:       ## this list
	@sed -n 's/^\([a-z-]*\): .*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 18

run:        ## two cells and two posts on this machine: keys press and acknowledge; without a terminal, the story plays
	@$(SETUP) build
	$(BUILD) $(DEBUG)
	@if [ -t 0 ] && [ -t 1 ]; then .build/debug/watchpost demo; else .build/debug/watchpost demo --script; fi

test:       ## every test, and the shipped alarm agent searched for what it must not contain
	@$(SETUP) build
	$(RELEASE) --product watchpost-alarm
	$(BUILD) $(DEBUG) --build-tests
	$(TESTS) --skip '$(WEB)|$(VOICE)'
	$(TESTS) --filter '$(WEB)' --experimental-maximum-parallelization-width 4
	$(TESTS) --filter '$(VOICE)' --experimental-maximum-parallelization-width 1

test-long:  ## the tests that take minutes: kills, floods, power cuts
	@WATCHPOST_LONG=1 $(MAKE) --no-print-directory test

# CONSOLE_TESTS="test_demo test_panel" for some of them.
test-console:  ## the console's pages, and the whole system behind them, in a real Chromium (CONSOLE_PICTURES=DIR keeps pictures)
	@$(SETUP) console
	$(BUILD) $(DEBUG)
	cd Tests/ConsolePages && WATCHPOST_BIN=$(abspath .build/debug) /usr/bin/python3 -m unittest -v $(CONSOLE_TESTS)

test-units: ## the shipped units, really started by a systemd of their own (as root)
	@$(SETUP) build
	$(BUILD) $(DEBUG)
	WATCHPOST_BIN=$(abspath .build/debug) Tests/Units/run.sh

test-api:   ## the hub's API, asked 20,000 things by schemathesis (from PyPI, into .build/schemathesis)
	@$(SETUP) api
	$(BUILD) $(DEBUG) --product watchpost-hub
	@[ -x .build/schemathesis/bin/schemathesis ] || { /usr/bin/python3 -m venv .build/schemathesis && \
		.build/schemathesis/bin/pip -q install 'schemathesis>=4,<5'; }
	WATCHPOST_BIN=$(abspath .build/debug) .build/schemathesis/bin/python Tests/HubAPI/fuzz.py

rig: build-alarm build-sound  ## the same binaries against kernel GPIO devices, in a guest machine (STORIES="chip clock" for some)
	WATCHPOST_BIN=$(abspath $(SHIPPED)) Tests/Rig/run.sh $(STORIES)

bench-hub: build  ## a month drained into the hub beside a scripted outbox; 500 terminals on one hub; a slow line
	@$(SHIPPED)/watchpost bench sync --json --events 1000000
	@$(SHIPPED)/watchpost bench hub --json
	@$(SHIPPED)/watchpost bench sync --json --events 524288 --payload 4096 --link 64000

bench:      ## how long from contact to buzzer, how much memory, as JSON lines
	@$(SETUP) bench >&2
	@$(MAKE) --no-print-directory build-alarm >&2
	@$(SHIPPED)/watchpost bench alarm --json
	@$(MAKE) --no-print-directory bench-voice

bench-voice:  ## call set-up beside baresip, mouth to ear with PESQ, cost, losses, echo (pesq from PyPI, into .build/pesq)
	@$(SETUP) bench >&2
	@[ -x .build/pesq/bin/python ] || { /usr/bin/python3 -m venv .build/pesq && \
		.build/pesq/bin/pip -q install 'numpy>=1,<3' 'scipy>=1,<2' 'pesq>=0.0.4,<0.1'; } >&2
	@cc -O2 -shared -fPIC -o .build/count_malloc.so Tests/VoiceQuality/count_malloc.c -ldl
	@{ $(RELEASE) --product watchpost-sound && $(RELEASE) --product watchpost; } >&2
	@$(SHIPPED)/watchpost bench voice --json --malloc $(abspath .build/count_malloc.so) \
		--pesq "$(abspath .build/pesq/bin/python) $(abspath Tests/VoiceQuality/pesq_of.py)"

build:      ## what ships, in .build-release/release
	@$(SETUP) build
	set -e; for product in $(PRODUCTS); do $(RELEASE) --product $$product; done

build-alarm:  ## the alarm agent and the tool alone: minutes less, because no HTTP is in them
	@$(SETUP) build
	$(RELEASE) --product watchpost-alarm
	$(RELEASE) --product watchpost

build-sound:  ## the voice alone
	@$(SETUP) build
	$(RELEASE) --product watchpost-sound

format:     ## lay the sources out as .swift-format says
	swift format --in-place --recursive --parallel Package.swift Sources Tests

lint:       ## say what `make format` and the style rules would change
	swift format lint --strict --recursive --parallel Package.swift Sources Tests

install:    ## what ships, onto this machine (DESTDIR, PREFIX); after `make build`
	install -D -s -m 0755 $(SHIPPED)/watchpost-alarm $(BINDIR)/watchpost-alarm
	install -D -s -m 0755 $(SHIPPED)/watchpost $(BINDIR)/watchpost
	install -D -s -m 0755 $(SHIPPED)/watchpost-sync $(BINDIR)/watchpost-sync
	install -D -s -m 0755 $(SHIPPED)/watchpost-hub $(BINDIR)/watchpost-hub
	install -D -s -m 0755 $(SHIPPED)/watchpost-panel $(BINDIR)/watchpost-panel
	install -D -s -m 0755 $(SHIPPED)/watchpost-sound $(BINDIR)/watchpost-sound
	install -d $(SHARE)/board-configs
	install -m 0644 board-configs/*.yaml $(SHARE)/board-configs/
	install -D -m 0644 systemd/watchpost-alarm.service $(LIBDIR)/systemd/system/watchpost-alarm.service
	install -D -m 0644 systemd/watchpost-sound.service $(LIBDIR)/systemd/system/watchpost-sound.service
	install -D -m 0644 systemd/watchpost-sync.service $(LIBDIR)/systemd/system/watchpost-sync.service
	install -D -m 0644 systemd/watchpost-panel.service $(LIBDIR)/systemd/system/watchpost-panel.service
	install -D -m 0644 systemd/watchpost-hub.service $(LIBDIR)/systemd/system/watchpost-hub.service
	[ -e $(DESTDIR)/etc/watchpost/hub.conf ] || install -D -m 0644 systemd/hub.conf $(DESTDIR)/etc/watchpost/hub.conf
	install -D -m 0644 systemd/watchpost-site.path $(LIBDIR)/systemd/system/watchpost-site.path
	install -D -m 0644 systemd/watchpost-site.service $(LIBDIR)/systemd/system/watchpost-site.service
	install -D -m 0644 systemd/watchpost.sysusers $(LIBDIR)/sysusers.d/watchpost.conf
	install -D -m 0644 systemd/watchpost.tmpfiles $(LIBDIR)/tmpfiles.d/watchpost.conf
	install -D -m 0644 systemd/60-watchpost-gpio.rules $(LIBDIR)/udev/rules.d/60-watchpost-gpio.rules

clean:      ## forget what was built
	rm -rf .build .build-release
