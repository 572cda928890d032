// SPDX-License-Identifier: Apache-2.0
import CRe
package import Facility
import Glibc

/// SIP over UDP, TCP and TLS: calls out and in, requests, registrations.
///
///     CallDesk ── invite, answer, end … ──> SIPEndpoint ──> libre ══LAN══
///              <── SIPEvent, reoffered ───              <──
///
/// Lives on the thread of its `ReLoop`, owned by the call desk; not Sendable, so the compiler keeps it there.
/// Always true: only addresses that the site lists are looked at; a number is used for one call in a process;
/// after `end`, `refuse` or `.ended` nothing more is told of a call.
package final class SIPEndpoint {
    package struct TLS: Hashable, Sendable {
        /// PEM files: our certificate with its key, and who signs for the others.
        package var certificate: String
        package var authority: String
        /// Whom a certificate has to name: IPv4 addresses or host names.
        package var names: [String]
        package var port: UInt16

        package init(certificate: String, authority: String, names: [String], port: UInt16) {
            self.certificate = certificate
            self.authority = authority
            self.names = names
            self.port = port
        }
    }

    package struct Settings: Hashable, Sendable {
        package var host: UInt32
        /// UDP and TCP; 0: of the kernel's choice.
        package var port: UInt16
        package var tls: TLS?
        /// Who is looked at.
        package var admitted: Set<UInt32>

        package init(host: UInt32, port: UInt16, tls: TLS? = nil, admitted: Set<UInt32>) {
            self.host = host
            self.port = port
            self.tls = tls
            self.admitted = admitted
        }
    }

    package let settings: Settings
    package private(set) var port: UInt16 = 0
    package internal(set) var counts = SIPCounts()
    let event: (SIPEvent) -> Void
    let reoffered: (Int, [UInt8]) -> String?
    let now: () -> Uptime
    var stack: OpaquePointer?
    var calls: [Int: OpaquePointer] = [:]
    var tasks: [Int: OpaquePointer] = [:]
    private var lastNumber = 0
    /// The invitation that is being told right now.
    var pending: (number: Int, message: OpaquePointer)?
    var second: (at: UInt64, count: Int) = (0, 0)

    /// `reoffered` answers a new offer within a call (empty: they ask for ours) with ours; nil: 488.
    package init(
        _ settings: Settings, now: @escaping () -> Uptime, event: @escaping (SIPEvent) -> Void,
        reoffered: @escaping (Int, [UInt8]) -> String?
    ) throws(Fault) {
        self.settings = settings
        self.now = now
        self.event = event
        self.reoffered = reoffered
        var error: Int32 = 0
        stack = cre_stack_new("Watchpost", Self.handlers(Unmanaged.passUnretained(self).toOpaque()), &error)
        guard error == 0 else { throw ReLoop.fault("make a SIP stack", error) }
        do throws(Fault) { try listen() } catch {
            close()
            throw error
        }
    }

    private func listen() throws(Fault) {
        var error = EADDRINUSE
        // The kernel's choice has to be free for both.
        for _ in 0..<8 where error != 0 {
            error = cre_listen(stack, Int32(CRE_UDP), settings.host, settings.port, &port)
            guard error == 0 else { break }
            var bound: UInt16 = 0
            error = cre_listen(stack, Int32(CRE_TCP), settings.host, port, &bound)
            if settings.port != 0 { break }
        }
        guard error == 0 else { throw failed("listen", at: settings.port, error) }
        guard let tls = settings.tls else { return }
        var bound: UInt16 = 0
        error = cre_listen_tls(
            stack, settings.host, tls.port, tls.certificate, tls.authority,
            tls.names.joined(separator: "\n"), &bound)
        guard error == 0 else { throw failed("listen with TLS", at: tls.port, error) }
    }

    private func failed(_ operation: String, at port: UInt16, _ error: Int32) -> Fault {
        Fault(
            operation, at: "\(SDPSession.text(settings.host)):\(port)",
            cause: String(cString: strerror(error)),
            hint: "See who has the port with `ss -ulpnt`; check certificate and authority where TLS is on.")
    }

    /// Hangs up everything, without further events. Nothing of it may be used after.
    package func close() {
        for call in calls.values { cre_end(call, nil) }
        for task in tasks.values { cre_task_free(task) }
        (calls, tasks) = ([:], [:])
        if let stack { cre_stack_free(stack) }
        stack = nil
    }

    deinit { precondition(stack == nil, "a SIP endpoint is closed on its thread") }

    func number() -> Int {
        lastNumber += 1
        return lastNumber
    }

    // MARK: - Calls

    package func invite(
        _ uri: String, from user: String, headers: [(String, String)], offer: String
    ) throws(Fault) -> Int {
        let number = number()
        var error: Int32 = 0
        let call = cre_invite(
            stack, UInt64(number), uri, own(user), user, nil, Self.lines(headers), offer, &error)
        guard let call else { throw Self.fault("invite", at: uri, error) }
        calls[number] = call
        return number
    }

    /// Says that it rings here. False: it is gone already.
    package func ring(_ number: Int, user: String, headers: [(String, String)] = []) -> Bool {
        guard let pending, pending.number == number, calls[number] == nil else {
            return calls[number] != nil
        }
        var error: Int32 = 0
        calls[number] = cre_take(
            stack, UInt64(number), pending.message, user, Self.lines(headers), &error)
        return error == 0
    }

    package func answer(_ number: Int, _ answer: String, headers: [(String, String)] = []) -> Bool {
        guard let call = calls[number] else { return false }
        return cre_answer(call, answer, Self.lines(headers)) == 0
    }

    package func refuse(_ number: Int, _ status: Int, _ reason: String, headers: [(String, String)] = []) {
        counts.refused += 1
        if let call = calls.removeValue(forKey: number) {
            _ = cre_refuse(call, Int32(status), reason, Self.lines(headers))
        } else if let pending, pending.number == number {
            _ = cre_reply(stack, pending.message, Int32(status), reason, Self.lines(headers))
            self.pending = nil
        }
    }

    package func modify(_ number: Int, offer: String) -> Bool {
        guard let call = calls[number] else { return false }
        return cre_modify(call, offer) == 0
    }

    /// CANCEL or BYE.
    package func end(_ number: Int, headers: [(String, String)] = []) {
        guard let call = calls.removeValue(forKey: number) else { return }
        cre_end(call, Self.lines(headers))
    }

    // MARK: - Requests

    package func ask(
        _ method: String, _ uri: String, from user: String, headers: [(String, String)] = [],
        type: String = "", body: String = ""
    ) throws(Fault) -> Int {
        let number = number()
        var error: Int32 = 0
        let task = cre_ask(
            stack, UInt64(number), method, uri, own(user), Self.lines(headers), type, body, &error)
        guard let task else { throw Self.fault(method, at: uri, error) }
        tasks[number] = task
        return number
    }

    package func login(realm: String, user: String, password: String) {
        cre_login(stack, realm, user, password)
    }

    /// Until `forget`.
    package func register(at registrar: String, as address: String, user: String) throws(Fault) -> Int {
        let number = number()
        var error: Int32 = 0
        let seconds = UInt32(Limits.sipRegistrationMs / 1_000)
        let task = cre_register(stack, UInt64(number), registrar, address, user, seconds, &error)
        guard let task else { throw Self.fault("register", at: registrar, error) }
        tasks[number] = task
        return number
    }

    package func forget(_ task: Int) {
        if let task = tasks.removeValue(forKey: task) { cre_task_free(task) }
    }

    private func own(_ user: String) -> String { SIPRequest.uri(user: user, host: settings.host, port: port) }

    static func lines(_ headers: [(String, String)]) -> String {
        headers.map { name, value in
            // A header cannot begin another one.
            let isOneLine = !value.utf8.contains { (0x0a...0x0d).contains($0) }
            return name + ": " + (isOneLine ? value : value.filter { !$0.isNewline }) + "\r\n"
        }.joined()
    }

    static func fault(_ operation: String, at place: String, _ error: Int32) -> Fault {
        Fault(
            operation, at: place, cause: String(cString: strerror(error)),
            hint: "Check the address in the site file, and that this machine has a route to it.")
    }
}
