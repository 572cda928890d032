// SPDX-License-Identifier: Apache-2.0

/// A card by name, as the configuration says it; opened when a call or a sound begins, closed when it ends. A
/// value that any thread may pass on.
package enum SoundCard: Sendable {
    /// ALSA names: `default`, `plughw:CARD=Codec,DEV=0`. Never numbers: they change with the order of plugging.
    case alsa(capture: String, playback: String)
    /// A card of software, paced by the clock: the demo's and the tests', and one that a terminal may ship with.
    case simulated(SimulatedCard)
    /// Silence in, nothing out.
    case null
}
