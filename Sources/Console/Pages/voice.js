// SPDX-License-Identifier: Apache-2.0

// A page's own voice: the microphone as Opus packets of 20 ms, and packets as sound, both by WebCodecs. The
// browser cancels the echo; nothing is loaded, nothing is recorded here.

const rate = 48_000;
const packetUs = 20_000;
const leadS = 0.06;
const lagMaxS = 0.3;

/** The browser can do it, and the page came by a way on which it may use a microphone. */
export function canTalk() {
    return 'AudioEncoder' in window && 'MediaStreamTrackProcessor' in window
        && navigator.mediaDevices?.getUserMedia !== undefined;
}

/** Opens the microphone and calls back with each packet; `mute` stops them at once, `close` ends it. */
export async function openMicrophone(onpacket, onlost) {
    const audio = { echoCancellation: true, noiseSuppression: true, autoGainControl: true, channelCount: 1 };
    const stream = await navigator.mediaDevices.getUserMedia({ audio });
    const [track] = stream.getAudioTracks();
    let isMuted = false;
    const encoder = new AudioEncoder({
        output: (chunk) => {
            if (isMuted) return;
            const packet = new Uint8Array(chunk.byteLength);
            chunk.copyTo(packet);
            onpacket(packet);
        },
        error: onlost,
    });
    const reader = new MediaStreamTrackProcessor({ track }).readable.getReader();
    const close = () => {
        reader.cancel().catch(() => {});
        track.stop();
        if (encoder.state !== 'closed') encoder.close();
    };
    track.addEventListener('ended', onlost);
    pump(reader, encoder).catch(onlost);
    return { close, mute: (value) => { isMuted = value; } };
}

async function pump(reader, encoder) {
    for (;;) {
        const { value: sound, done } = await reader.read();
        if (done || encoder.state === 'closed') { sound?.close(); return; }
        if (encoder.state === 'unconfigured') encoder.configure(opusOf(sound));
        encoder.encode(sound);
        sound.close();
    }
}

/** As the card delivers it: the encoder takes no other rate than it was told. */
function opusOf({ sampleRate, numberOfChannels }) {
    return {
        codec: 'opus', sampleRate, numberOfChannels, bitrate: 32_000,
        opus: { frameDuration: packetUs, application: 'voip', useinbandfec: true, packetlossperc: 5 },
    };
}

/** Plays packets as they come: a little later than now, so that the next is there in time. */
export function openLoudspeaker(onlost) {
    const context = new AudioContext({ sampleRate: rate, latencyHint: 'interactive' });
    let next = 0;
    let count = 0;
    const decoder = new AudioDecoder({
        output: (sound) => {
            const buffer = context.createBuffer(1, sound.numberOfFrames, sound.sampleRate);
            sound.copyTo(buffer.getChannelData(0), { planeIndex: 0, format: 'f32-planar' });
            sound.close();
            const now = context.currentTime;
            if (next < now) next = now + leadS;
            // Sound that came in a heap is late speech: it is left out, so that the rest is heard in time.
            if (next > now + lagMaxS) return;
            const source = context.createBufferSource();
            source.buffer = buffer;
            source.connect(context.destination);
            source.start(next);
            next += buffer.duration;
        },
        error: onlost,
    });
    decoder.configure({ codec: 'opus', sampleRate: rate, numberOfChannels: 1 });
    context.resume().catch(() => {});
    return {
        play(packet) {
            const timestamp = count * packetUs;
            count += 1;
            const chunk = { type: 'key', timestamp, duration: packetUs, data: packet };
            decoder.decode(new EncodedAudioChunk(chunk));
        },
        close() {
            if (decoder.state !== 'closed') decoder.close();
            context.close().catch(() => {});
        },
        get played() { return count; },
    };
}
