#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A call of ours over ALSA: jackd with its dummy card (48 kHz, 128 frames) stands for the cards, ALSA's plug and jack
plug-ins for the drivers. Writes what the far loudspeaker played; score it with pesq_of.py (delay and PESQ together).
usage: alsa_call.py BENCH REF.wav FOLDER [bench options]     BENCH: `voice-bench` or `watchpost-sound --bench`
Debian: jackd2 jack-tools libjack-jackd2-dev libasound2-plugins sox gcc"""
import os
import pathlib
import subprocess
import sys
import time

here = pathlib.Path(__file__).resolve().parent
bench, reference, folder = sys.argv[1].split(), sys.argv[2], pathlib.Path(sys.argv[3])
server = f"wpbench{os.getpid()}"
env = dict(os.environ, JACK_DEFAULT_SERVER=server, JACK_NO_START_SERVER="1")
probe = folder / "jack_probe"
subprocess.run(["cc", "-O2", "-o", probe, here / "jack_probe.c", "-ljack"], check=True)
subprocess.run(["sox", reference, "-r", "48000", "-c", "1", "-e", "float", "-b", "32", folder / "said.f32"], check=True)
seconds = (folder / "said.f32").stat().st_size / 4 / 48000 + 1
pcms = {"wpnear": ("system:playback_2", "probe:out"), "wpfar": ("probe:in", "system:capture_2")}
lines = ["</usr/share/alsa/alsa.conf>"]
for name, (play, hear) in pcms.items():
    lines += [f"pcm.{name}_raw {{ type jack name {name}", f" playback_ports {{ 0 {play} 1 {play} }}",
              f" capture_ports {{ 0 {hear} 1 {hear} }}", "}", f"pcm.{name} {{ type plug slave.pcm {name}_raw }}"]
(folder / "asound.conf").write_text("\n".join(lines) + "\n")
env["ALSA_CONFIG_PATH"] = str(folder / "asound.conf")
jackd = subprocess.Popen(["jackd", "-S", "-P", "70", "-t", "2000", "-n", server, "-d", "dummy", "-r", "48000", "-p", "128"],
                         stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
others = []
try:
    while subprocess.run(["jack_lsp"], env=env, capture_output=True).returncode != 0:
        time.sleep(0.1)
    player = subprocess.Popen([probe, folder / "said.f32", folder / "heard.f32", str(seconds)], env=env,
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    others.append(player)
    player.stdout.readline()
    call = subprocess.Popen([*bench, "alsa", "wpnear", "wpfar", str(int(seconds) + 5), *sys.argv[4:]], env=env)
    others.append(call)
    time.sleep(3)
    player.stdin.write(b"go\n")
    player.stdin.flush()
    player.wait()
    call.wait()
finally:
    for process in [*reversed(others), jackd]:
        if process.poll() is None:
            process.terminate()
            process.wait()
subprocess.run(["sox", "-r", "48000", "-c", "1", "-t", "f32", folder / "heard.f32", "-b", "16", folder / "alsa.wav"],
               check=True)
