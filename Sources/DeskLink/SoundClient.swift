// SPDX-License-Identifier: Apache-2.0
import CLinux
package import Facility
package import PanelLink

/// The tool's side of the local socket of `watchpost-sound`. On the thread that asks.
///
/// Always true: an answer is whole or it is a fault; a command is sent once, because a call that is made
/// twice is two calls.
package final class SoundClient {
    package let terminal: TerminalID
    package let daemon: String
    private let socket: LocalSocket

    /// `daemon`: the path of its local socket.
    package init(terminal: TerminalID, daemon: String) throws(Fault) {
        self.terminal = terminal
        self.daemon = daemon
        socket = try LocalSocket()
    }

    /// Where the process of this configuration listens.
    package static func path(_ config: TerminalConfig) -> String { config.runtimePath + "-sound/sound.sock" }

    /// nil: done.
    package func command(_ deed: SoundCommand.Deed, officer: OfficerID?) throws(Fault) -> CallRefusal? {
        let token = UInt64.random(in: 1 ... .max)
        try send(.command(SoundCommand(token: token, officer: officer, deed: deed)))
        let end = Uptime.now.advanced(ms: Limits.deskActionMs)
        while let message = receive(until: end) {
            if case .reply(token, let refusal) = message { return refusal }
        }
        throw fault("command", "no answer within \(Limits.deskActionMs) ms")
    }

    /// What the terminal hears of its own loudspeaker; `keeps`: for its echo canceller from then on.
    package func test(keeps: Bool, officer: OfficerID?) throws(Fault) -> Result<SoundTest, CallRefusal> {
        let token = UInt64.random(in: 1 ... .max)
        try send(.command(SoundCommand(token: token, officer: officer, deed: .test(keeps: keeps))))
        let end = Uptime.now.advanced(ms: Limits.soundTestMs)
        while let message = receive(until: end) {
            switch message {
            case .tested(token, let test): return .success(test)
            case .reply(token, let refusal?): return .failure(refusal)
            case .command, .reply, .query, .call, .status, .tested, .pageQuery, .page, .paged, .end:
                continue
            }
        }
        throw fault("test", "no answer within \(Limits.soundTestMs) ms")
    }

    package func calls() throws(Fault) -> (status: SoundStatus, calls: [CallLine]) {
        let token = UInt64.random(in: 1 ... .max)
        try send(.query(token: token))
        let end = Uptime.now.advanced(ms: Limits.deskAnswerMs)
        var status: SoundStatus?
        var calls: [CallLine] = []
        while let message = receive(until: end) {
            switch message {
            case .status(token, let told): status = told
            case .call(token, let line): calls.append(line)
            case .end(token, let count):
                guard let status, calls.count + 1 == Int(count) else {
                    throw fault("ask", "parts of the answer are missing")
                }
                return (status, calls)
            case .command, .reply, .query, .call, .status, .tested, .pageQuery, .page, .paged, .end:
                continue
            }
        }
        throw fault("ask", "no answer within \(Limits.deskAnswerMs) ms")
    }

    /// How the last page of this post stands, and where it was heard; nil: there was none. Asking holds a
    /// live one open.
    package func page() throws(Fault) -> (page: PageReport, terminals: [PagedLine])? {
        let token = UInt64.random(in: 1 ... .max)
        try send(.pageQuery(token: token))
        let end = Uptime.now.advanced(ms: Limits.deskAnswerMs)
        var page: PageReport?
        var terminals: [PagedLine] = []
        while let message = receive(until: end) {
            switch message {
            case .page(token, let line): page = line
            case .paged(token, let line): terminals.append(line)
            case .end(token, let count):
                guard let page else { return nil }
                guard terminals.count + 1 == Int(count) else {
                    throw fault("ask", "parts of the answer are missing")
                }
                return (page, terminals)
            case .command, .reply, .query, .call, .status, .tested, .pageQuery, .page, .paged, .end:
                continue
            }
        }
        throw fault("ask", "no answer within \(Limits.deskAnswerMs) ms")
    }

    private func send(_ message: SoundMessage) throws(Fault) {
        let end = Uptime.now.advanced(ms: Limits.deskAnswerMs)
        while true {
            switch socket.send(message.encode(), to: daemon) {
            case .sent: return
            case .full:
                guard Uptime.now < end else { throw fault("ask", "its socket is full") }
                pause(ms: 1)
            case .gone: throw fault("reach", "nobody listens there")
            }
        }
    }

    private func receive(until end: Uptime) -> SoundMessage? {
        while true {
            while let letter = socket.receive() {
                if letter.sender == daemon, let message = try? SoundMessage(decoding: letter.bytes) {
                    return message
                }
            }
            let now = Uptime.now
            guard now < end else { return nil }
            var ready: [Int16] = [0]
            _ = wp_poll([socket.descriptor], &ready, 1, Int64(end.nanoseconds - now.nanoseconds))
        }
    }

    private func fault(_ operation: String, _ cause: String) -> Fault {
        Fault(
            operation, at: "\(terminal) (\(daemon))", cause: cause,
            hint: "Look at its state: systemctl status watchpost-sound.")
    }
}
