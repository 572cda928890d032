#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Scores what came out of calls against what was said: PESQ wide band (MOS-LQO) and the delay, per sentence.
usage: pesq_of.py REF.wav SEGMENTS.txt HEARD.wav...   (needs numpy, scipy and pesq from PyPI)"""
import json
import sys

import numpy as np
from pesq import pesq
from scipy.io import wavfile
from scipy.signal import correlate, resample_poly


def read(path):
    rate, samples = wavfile.read(path)
    samples = samples.astype(np.float32) / 32768
    return resample_poly(samples, 16000, rate) if rate != 16000 else samples


reference = read(sys.argv[1])
segments = [tuple(map(float, line.split())) for line in open(sys.argv[2])]
for path in sys.argv[3:]:
    heard = read(path)
    pad = 1600
    heard = np.concatenate([np.zeros(pad, np.float32), heard, np.zeros(32000, np.float32)])
    scores, delays = [], []
    for start, end in segments:
        said = reference[int(start * 16000):int(end * 16000)]
        window = heard[int(start * 16000):int(start * 16000) + said.size + 2 * 4800]
        lag = int(correlate(window, said, "valid", method="fft").argmax())
        scores.append(float(pesq(16000, said, window[lag:lag + said.size], "wb")))
        delays.append((lag - pad) / 16)
    print(json.dumps({"file": path.split("/")[-1], "pesq": round(float(np.mean(scores)), 3),
                      "worst": round(min(scores), 3), "delayMs": [round(d, 1) for d in delays]}))
