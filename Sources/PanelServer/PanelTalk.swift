// SPDX-License-Identifier: Apache-2.0
import DeskLink
import Dispatch
package import Facility
package import PanelLink

/// The post's own telephone, `watchpost-sound`, as its panel commands it. Asking blocks, so it is done on
/// threads of its own, a few at once. An actor.
package actor PanelTalk {
    private let terminal: TerminalID
    private let daemon: String
    private let queue = DispatchQueue(label: "watchpost.talk", attributes: .concurrent)
    private var underWay = 0

    package init(terminal: TerminalID, daemon: String) {
        self.terminal = terminal
        self.daemon = daemon
    }

    /// Nil: done. Throws a `Fault` where the process does not answer.
    package func command(_ deed: SoundCommand.Deed, officer: OfficerID?) async throws -> CallRefusal? {
        try await ask { try $0.command(deed, officer: officer) }
    }

    package func calls() async throws -> [CallLine] { try await ask { try $0.calls().calls } }

    private func ask<Answer: Sendable>(
        _ question: @escaping @Sendable (SoundClient) throws -> Answer
    ) async throws -> Answer {
        guard underWay < Limits.panelDeedsMaxCount else {
            throw Fault(
                "ask", at: daemon, cause: "too many questions at once",
                hint: "Wait a moment, then press again.")
        }
        underWay += 1
        defer { underWay -= 1 }
        let (terminal, daemon) = (terminal, daemon)
        return try await withCheckedThrowingContinuation { continuation in
            queue.async {
                continuation.resume(
                    with: Result { try question(try SoundClient(terminal: terminal, daemon: daemon)) })
            }
        }
    }
}
