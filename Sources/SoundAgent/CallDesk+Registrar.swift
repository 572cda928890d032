// SPDX-License-Identifier: Apache-2.0
import CLinux
import Facility
import Intercom
import PanelLink

/// Which of the site's registrars is asked, and when the next. A value of the call desk.
struct RegistrarTurn: Hashable, Sendable {
    var index = 0
    var task: Int?
    var isRegistered = false
    var againAt: Uptime?
}

// One registration at a time: the first registrar that answers is used, the next when it fails.
extension CallDesk {
    func beginRegistration() {
        for registrar in book.plan.registrars {
            guard let password = Self.password(registrar.passwordPath) else {
                SoundProcess.log("read \(registrar.passwordPath): no password there")
                continue
            }
            endpoint?.login(realm: registrar.realm, user: book.own.id.text, password: password)
        }
        register(Self.now)
    }

    private static func password(_ path: String) -> String? {
        var bytes = [UInt8](repeating: 0, count: Limits.pathMaxBytes)
        let count = wp_read_file(path, &bytes, bytes.count)
        guard count > 0 else { return nil }
        let text = String(decoding: bytes[..<Int(count)], as: UTF8.self).filter { !$0.isNewline }
        return text.isEmpty ? nil : text
    }

    private func register(_ now: Uptime) {
        let all = book.plan.registrars
        guard !all.isEmpty else { return }
        if let task = registration.task { endpoint?.forget(task) }
        let chosen = all[registration.index % all.count]
        let place = SIPRequest.uri(
            user: book.own.id.text, host: chosen.address, port: chosen.port, chosen.transport.sip)
        let registrar = place.split(separator: "@").last.map { "sip:" + $0 } ?? place
        registration.task = try? endpoint?.register(at: registrar, as: place, user: book.own.id.text)
        // Until it answers.
        registration.againAt = now.advanced(ms: Limits.sipRegistrarRetryMs)
    }

    func replied(_ task: Int, _ status: Int?, _ now: Uptime) {
        guard task == registration.task else {
            endpoint?.forget(task)
            return
        }
        let isTaken = status.map { (200..<300).contains($0) } ?? false
        if isTaken != registration.isRegistered {
            SoundProcess.log(isTaken ? "registered" : "registration lost: \(status ?? 0)")
        }
        registration.isRegistered = isTaken
        registration.againAt = isTaken ? nil : now.advanced(ms: Limits.sipRegistrarRetryMs)
        setTimer(now)
    }

    func elapsedRegistration(_ now: Uptime) {
        guard let again = registration.againAt, again <= now else { return }
        registration.index += 1
        register(now)
    }
}
