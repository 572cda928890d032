// SPDX-License-Identifier: Apache-2.0
import Audio
import Facility

/// Keeps a call.
final class CallRecorder: Sendable {
    init(folder: String, rateHz: Int) throws(Fault) {}
    func said(_ block: SampleBlock, count: Int, atNs ns: UInt64) {}
    func heard(_ block: SampleBlock, count: Int, atNs ns: UInt64) {}
    func stop() {}
}
