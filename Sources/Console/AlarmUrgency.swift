// SPDX-License-Identifier: Apache-2.0
package import Alarms

extension AlarmClass {
    /// Somebody calls, so somebody has to come or to speak.
    package var isCall: Bool { self > .trouble }
}

extension AlarmCause {
    /// While it lasts, a press at this terminal may reach nobody.
    package var breaksAlarmPath: Bool {
        switch self {
        case .wireShort, .wireCut, .stuck, .lineFault, .peerLost, .peerOneWay: true
        case .press, .tamper, .edgesLost, .journalFault, .journalLoss, .configuration, .soundFault,
            .crashLoop, .cloned:
            false
        }
    }
}
