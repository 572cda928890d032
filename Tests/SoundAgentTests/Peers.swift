// SPDX-License-Identifier: Apache-2.0
import CLinux
import CLoopback
import DeskLink
import Facility
import Foundation
import Synchronization
import Testing

/// A program of somebody else's that a test speaks with, ended with the test, and with the process of the
/// tests however that ends.
final class Peer {
    /// A thread that starts the program and stays until it is gone: the kernel ends a child together with
    /// the *thread* that made it, and those of the pool come and go.
    private final class Life: Sendable {
        struct State {
            var pid: Int32?
            var status: Int32?
        }
        let state = Mutex(State())

        func begin(_ words: [String], environment: [String: String], log: String) {
            let words: [CChar] = words.flatMap { word in word.utf8.map { CChar(bitPattern: $0) } + [0] }
            let variables: [CChar] = environment.flatMap { name, value in
                "\(name)=\(value)".utf8.map { CChar(bitPattern: $0) } + [0]
            }
            let thread = Thread { [self] in
                let pid = wp_spawn(words, words.count, variables, variables.count, log)
                state.withLock { $0.pid = pid }
                guard pid > 0 else { return state.withLock { $0.status = -1 } }
                let descriptor = wp_pidfd(pid)
                defer { close(descriptor) }
                var code: Int32 = 0
                var how: Int32 = 0
                while how == 0 {
                    var ready: [Int16] = [0]
                    _ = wp_poll([descriptor], &ready, 1, -1)
                    how = wp_reap(pid, &code)
                }
                state.withLock { $0.status = how == 1 ? code : -1 }
            }
            thread.start()
        }
    }

    private let life = Life()
    private let input: Int32
    let folder: String
    let pid: Int32

    static func path(_ name: String) -> String? {
        ["/usr/bin/", "/usr/sbin/"].map { $0 + name }.first { access($0, X_OK) == 0 }
    }

    /// False, and said so, where it is not installed.
    static func has(_ name: String) -> Bool {
        if path(name) != nil { return true }
        print("interop: \(name) is not on this machine: .ci/setup names its package; nothing was tried")
        return false
    }

    init(_ name: String, _ arguments: [String], in folder: String, home: String? = nil) throws {
        self.folder = folder
        var words = [try #require(Self.path(name))] + arguments
        // What it makes itself goes with it: kamailio's children outlive a parent that is killed.
        if geteuid() == 0, let unshare = Self.path("unshare") {
            words = [unshare, "--pid", "--kill-child=KILL", "--fork"] + words
        }
        let typed = folder + "/\(name).in"
        mkfifo(typed, 0o600)
        input = open(typed, O_RDWR | O_NONBLOCK | O_CLOEXEC)
        words = ["/bin/sh", "-c", "cd \"$0\" && exec \"$@\" <'\(typed)'", folder] + words
        life.begin(
            words, environment: ["HOME": home ?? folder, "PATH": "/usr/bin:/bin:/usr/sbin", "LC_ALL": "C"],
            log: folder + "/\(name).log")
        let life = life
        _ = eventually(ms: 20_000) { life.state.withLock { $0.pid } != nil }
        pid = life.state.withLock { $0.pid } ?? -1
        try #require(pid > 0, "\(name) does not start")
    }

    deinit { close(input) }

    func type(_ line: String) {
        let bytes = Array((line + "\n").utf8)
        _ = write(input, bytes, bytes.count)
    }

    func log(_ name: String) -> String {
        let bytes = FileManager.default.contents(atPath: folder + "/\(name).log")
        return String(decoding: bytes ?? Data(), as: UTF8.self)
    }

    var status: Int32? { life.state.withLock { $0.status } }
    var hasEnded: Bool { status != nil }

    /// May be called twice.
    func end() {
        guard !hasEnded else { return }
        _ = wp_signal_group(pid, SIGTERM)
        if eventually(ms: 2_000, { self.hasEnded }) { return }
        _ = wp_signal_group(pid, SIGKILL)
        _ = eventually(ms: 2_000) { self.hasEnded }
    }

    static func run(_ name: String, _ arguments: [String], in folder: String) throws {
        let peer = try Peer(name, arguments, in: folder)
        defer { peer.end() }
        _ = eventually(ms: 20_000) { peer.hasEnded }
        try #require(peer.hasEnded && peer.status == 0, "\(name): \(peer.log(name))")
    }

    static func ports(_ count: Int) throws -> [UInt16] {
        var ports = [UInt16](repeating: 0, count: count)
        try #require(wp_free_ports(&ports, count) == 0)
        return ports
    }
}

/// baresip with a tone for a voice, told what to do over its control port.
final class Baresip {
    struct Ways {
        var codec = "opus/48000/2"
        var answers = "manual"
        var secrecy = ""
        /// `;transport=tls`: of its own address, for a registrar.
        var transport = "udp"
        var certificate: (own: String, authority: String)?
        /// Register there, as `phone` with `secret`.
        var registrar: UInt16?
    }

    let port: UInt16
    let peer: Peer
    private let control: Int32

    init(_ ways: Ways, in folder: String, port: UInt16, control: UInt16) throws {
        self.port = port
        let home = folder + "/baresip-\(port)"
        try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: true)
        let modules = ["opus", "g722", "g711", "aufile", "aubridge", "srtp", "dtls_srtp"]
        let tls = ways.certificate.map { "sip_certificate \($0.own)\nsip_cafile \($0.authority)\n" } ?? ""
        let config = """
            poll_method epoll
            sip_listen 127.0.0.1:\(port)
            \(tls)call_local_timeout 120
            call_max_calls 4
            audio_player aubridge,x
            audio_source aufile,\(home)/tone.wav
            audio_alert aubridge,y
            rtp_ports 30000-32000
            jitter_buffer_delay 1-10
            net_interface 127.0.0.1
            statmode_default off
            module_path /usr/lib/baresip/modules
            \(modules.map { "module \($0).so" }.joined(separator: "\n"))
            module_tmp account.so
            module_app menu.so
            module_app ctrl_tcp.so
            ctrl_tcp_listen 127.0.0.1:\(control)

            """
        try config.write(toFile: home + "/config", atomically: true, encoding: .utf8)
        let host = ways.registrar.map { "127.0.0.1:\($0)" } ?? "127.0.0.1:\(port)"
        let login = ways.registrar == nil ? ";regint=0" : ";regint=60;auth_user=phone;auth_pass=secret"
        let secrecy = ways.secrecy.isEmpty ? "" : ";mediaenc=\(ways.secrecy)"
        let account =
            "<sip:phone@\(host);transport=\(ways.transport)>\(login);answermode=\(ways.answers)"
            + ";audio_codecs=\(ways.codec);ptime=20\(secrecy)\n"
        try account.write(toFile: home + "/accounts", atomically: true, encoding: .utf8)
        try Self.tone(
            rate: ways.codec.contains("opus") ? 48_000 : ways.codec.contains("G722") ? 16_000 : 8_000,
            channels: ways.codec.hasSuffix("/2") ? 2 : 1, to: home + "/tone.wav")
        try "".write(toFile: home + "/contacts", atomically: true, encoding: .utf8)
        let peer = try Peer("baresip", ["-f", home, "-4"], in: home)
        self.peer = peer
        try #require(
            eventually(ms: 10_000) { peer.log("baresip").contains("baresip is ready") },
            "\(peer.log("baresip"))")
        var socket: Int32 = -1
        _ = eventually(ms: 3_000) {
            socket = wp_loopback_connect(control)
            return socket >= 0
        }
        self.control = socket
    }

    /// Twenty seconds of 440 Hz, as the codec has them: baresip's files are not resampled.
    static func tone(rate: Int, channels: Int, to path: String) throws {
        let frames = rate * 20
        var data = Data()
        func put(_ value: Int, bytes: Int) {
            for place in 0..<bytes { data.append(UInt8(truncatingIfNeeded: value >> (place * 8))) }
        }
        data.append(contentsOf: Array("RIFF".utf8))
        put(36 + frames * channels * 2, bytes: 4)
        data.append(contentsOf: Array("WAVEfmt ".utf8))
        for (value, bytes) in [
            (16, 4), (1, 2), (channels, 2), (rate, 4), (rate * channels * 2, 4), (channels * 2, 2), (16, 2),
        ] { put(value, bytes: bytes) }
        data.append(contentsOf: Array("data".utf8))
        put(frames * channels * 2, bytes: 4)
        for frame in 0..<frames {
            let level = Int(8_000 * sin(2 * Double.pi * 440 * Double(frame) / Double(rate)))
            for _ in 0..<channels { put(level, bytes: 2) }
        }
        try data.write(to: URL(fileURLWithPath: path))
    }

    func tell(_ command: String, _ parameters: String = "") {
        let text = "{\"command\":\"\(command)\",\"params\":\"\(parameters)\",\"token\":\"t\"}"
        let bytes = Array("\(text.utf8.count):\(text),".utf8)
        _ = write(control, bytes, bytes.count)
    }

    var log: String { peer.log("baresip") }

    func end() {
        close(control)
        peer.end()
    }
}
