// SPDX-License-Identifier: Apache-2.0
import Alarms
import CLinux
import Facility
import Glibc
import PanelLink

/// Which user of this machine may send what to the daemon, and how often. The kernel vouches for the user
/// (SCM_CREDENTIALS). Lives on the line thread.
struct LocalUsers {
    enum Answer: Equatable {
        case yes
        case no(AlarmRefusal)
    }

    private let acting: Set<UInt32>
    private let speaking: Set<UInt32>
    private var spent: [UInt32: (second: UInt64, count: Int)] = [:]

    /// Root and the daemon's own user always may; `operators` are names of this machine's users.
    init(operators: [String]) {
        var acting: Set<UInt32> = [0, getuid()]
        for name in operators {
            let uid = wp_user_id(name)
            if uid >= 0 { acting.insert(UInt32(uid)) }
        }
        self.acting = acting
        let voice = wp_user_id("watchpost-sound")
        speaking = voice >= 0 ? acting.union([UInt32(voice)]) : acting
    }

    /// Reading is for everybody on the machine; acting for those listed.
    mutating func mayAct(_ uid: UInt32, _ kind: MessageKind, now: Uptime) -> Answer {
        let second = now.nanoseconds / 1_000_000_000
        let count = spent[uid].map { $0.second == second ? $0.count + 1 : 1 } ?? 1
        // Users that fell quiet are forgotten, so that the table stays as small as the crowd of this second.
        if spent.count > Limits.localMessagesPerTurnCount { spent.removeAll() }
        spent[uid] = (second, count)
        if count > Limits.localCommandsPerSecondCount { return .no(.tooMany) }
        switch kind {
        case .query: return .yes
        case .action, .buzzerTest: return acting.contains(uid) ? .yes : .no(.notAllowed)
        // The process of the voice says what it did, and does nothing for officers.
        case .spoken, .sound: return speaking.contains(uid) ? .yes : .no(.notAllowed)
        case .annunciation, .receipt, .heartbeat, .challenge, .actionReply, .listed, .peer, .status, .fault,
            .end:
            return .no(.notAllowed)
        }
    }
}

/// The service manager, by hand: libsystemd would cost 1.2 MB for one datagram.
struct ServiceNotify {
    private let path = getenv("NOTIFY_SOCKET").map { String(cString: $0) }

    func send(_ text: String) {
        if let path { _ = wp_notify(path, text) }
    }
}
