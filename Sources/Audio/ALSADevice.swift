// SPDX-License-Identifier: Apache-2.0
import CALSA
import Facility
import Glibc

/// One direction of an ALSA card: opened by name, one channel, 16 bits, non-blocking. One thread. Always
/// true: a card that knows only another rate or number of channels is spoken to through the plug layer.
final class ALSADevice {
    let name: String
    let rateHz: Int
    let bufferFrames: Int
    let periodFrames: Int
    // SAFETY: ALSA's handle is used by the one thread that has this device, and closed with it.
    let pcm: OpaquePointer

    init(name: String, rateHz: Int, stream: snd_pcm_stream_t) throws(Fault) {
        let (opened, parameters) = try Self.opened(name, rateHz: rateHz, stream: stream)
        self.name = name
        self.rateHz = rateHz
        pcm = opened
        (bufferFrames, periodFrames) = parameters
        if stream == SND_PCM_STREAM_CAPTURE { snd_pcm_start(pcm) }
    }

    deinit { snd_pcm_close(pcm) }

    /// As named first; then through plug, when the card has other ideas of rate and channels.
    private static func opened(
        _ name: String, rateHz: Int, stream: snd_pcm_stream_t
    ) throws(Fault) -> (OpaquePointer, (Int, Int)) {
        var failure: Int32 = 0
        for spelling in [name, "plug:'\(name)'"] {
            var made: OpaquePointer?
            let result = snd_pcm_open(&made, spelling, stream, SND_PCM_NONBLOCK)
            guard result == 0, let pcm = made else {
                failure = failure == 0 ? result : failure
                break
            }
            switch settled(pcm, rateHz: rateHz, stream: stream) {
            case .success(let parameters): return (pcm, parameters)
            case .failure(let refused):
                failure = refused.number
                snd_pcm_close(pcm)
            }
        }
        let end = stream == SND_PCM_STREAM_CAPTURE ? "microphone" : "loudspeaker"
        throw Fault(
            "open the \(end)", at: name, cause: String(cString: snd_strerror(failure)),
            hint: failure == -EBUSY
                ? "Another program holds the card: see `fuser -v /dev/snd/*`."
                : "See that the card is plugged in and that `aplay -L` lists this name.")
    }

    private struct Refused: Error { var number: Int32 }

    private static func settled(
        _ pcm: OpaquePointer, rateHz: Int, stream: snd_pcm_stream_t
    ) -> Result<(Int, Int), Refused> {
        var (hardware, software): (OpaquePointer?, OpaquePointer?)
        guard snd_pcm_hw_params_malloc(&hardware) == 0 else { return .failure(Refused(number: -ENOMEM)) }
        defer { snd_pcm_hw_params_free(hardware) }
        guard snd_pcm_sw_params_malloc(&software) == 0 else { return .failure(Refused(number: -ENOMEM)) }
        defer { snd_pcm_sw_params_free(software) }
        var periodUs = UInt32(Limits.cardPeriodUs)
        var bufferUs = UInt32(Limits.cardBufferMs * 1_000)
        var (buffer, period): (snd_pcm_uframes_t, snd_pcm_uframes_t) = (0, 0)
        var boundary: snd_pcm_uframes_t = 0
        let steps: [() -> Int32] = [
            { snd_pcm_hw_params_any(pcm, hardware) },
            { snd_pcm_hw_params_set_access(pcm, hardware, SND_PCM_ACCESS_RW_INTERLEAVED) },
            { snd_pcm_hw_params_set_format(pcm, hardware, SND_PCM_FORMAT_S16_LE) },
            { snd_pcm_hw_params_set_channels(pcm, hardware, 1) },
            { snd_pcm_hw_params_set_rate(pcm, hardware, UInt32(rateHz), 0) },
            { snd_pcm_hw_params_set_period_time_near(pcm, hardware, &periodUs, nil) },
            { snd_pcm_hw_params_set_buffer_time_near(pcm, hardware, &bufferUs, nil) },
            { snd_pcm_hw_params(pcm, hardware) },
            { snd_pcm_get_params(pcm, &buffer, &period) },
            { snd_pcm_sw_params_current(pcm, software) },
            { snd_pcm_sw_params_get_boundary(software, &boundary) },
            { snd_pcm_sw_params_set_avail_min(pcm, software, 1) },
            { snd_pcm_sw_params_set_start_threshold(pcm, software, 1) },
            { snd_pcm_sw_params(pcm, software) },
            { snd_pcm_prepare(pcm) },
        ]
        for step in steps {
            let result = step()
            guard result >= 0 else { return .failure(Refused(number: result)) }
        }
        return .success((Int(buffer), Int(period)))
    }

    /// After an error: an overrun, an underrun and a suspend are mended; anything else is the end of the
    /// card.
    func recover(_ number: Int) -> PCMOutcome {
        switch Int32(number) {
        case -EAGAIN: return .late
        case -EPIPE: return restarted()
        case -ESTRPIPE:
            let resumed = snd_pcm_resume(pcm)
            if resumed == -EAGAIN { return .late }
            return resumed == 0 ? .recovered : restarted()
        default: return .gone(Int32(-number))
        }
    }

    private func restarted() -> PCMOutcome {
        let prepared = snd_pcm_prepare(pcm)
        guard prepared == 0 else { return .gone(-prepared) }
        if snd_pcm_stream(pcm) == SND_PCM_STREAM_CAPTURE { snd_pcm_start(pcm) }
        return .recovered
    }
}
