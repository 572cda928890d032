// SPDX-License-Identifier: Apache-2.0
package import Facility
import Glibc

/// A card by name, as the configuration says it; opened when a call or a sound begins, closed when it ends. A
/// value that any thread may pass on.
package enum SoundCard: Sendable {
    /// ALSA names: `default`, `plughw:CARD=Codec,DEV=0`. Never numbers: they change with the order of
    /// plugging.
    case alsa(capture: String, playback: String)
    /// A card of software, paced by the clock: the demo's and the tests', and one that a terminal may ship
    /// with.
    case simulated(SimulatedCard)
    /// Silence in, nothing out.
    case null

    package func openCapture(rateHz: Int) throws(Fault) -> any PCMCapture {
        switch self {
        case .alsa(let capture, _): return try ALSACapture(name: capture, rateHz: rateHz)
        case .simulated(let card):
            try refuse(card, "capture")
            return SimulatedCapture(card, rateHz: rateHz)
        case .null: return SilentCapture(rateHz: rateHz)
        }
    }

    package func openPlayback(rateHz: Int) throws(Fault) -> any PCMPlayback {
        switch self {
        case .alsa(_, let playback): return try ALSAPlayback(name: playback, rateHz: rateHz)
        case .simulated(let card):
            try refuse(card, "playback")
            return SimulatedPlayback(card, rateHz: rateHz)
        case .null: return SilentPlayback(rateHz: rateHz)
        }
    }

    private func refuse(_ card: SimulatedCard, _ end: String) throws(Fault) {
        guard card.failure != 0 else { return }
        throw Fault(
            "open \(end)", at: "simulated card", cause: String(cString: strerror(card.failure)),
            hint: "Plug it in again: comeBack().")
    }
}

extension SoundCard: CustomStringConvertible {
    package var description: String {
        switch self {
        case .alsa(let capture, let playback):
            capture == playback ? capture : "\(capture), \(playback)"
        case .simulated: "simulated card"
        case .null: "no card"
        }
    }
}
