// SPDX-License-Identifier: Apache-2.0
import CLinux
import CLoopback
import Facility
import Glibc

/// Two baresip processes, called from one to the other as our two are: by a command to the first, the
/// announcement of the second, an answer. What a facility would install instead; the peer of `--bench setup`.
/// On the bench's one thread.
final class BaresipPair {
    private let folder: String
    private var ends: [BenchProgram] = []
    private var controls: [Int32] = []
    private var ports: [UInt16]

    /// nil: not installed.
    init?(in folder: String) throws(Fault) {
        guard access(Self.path, X_OK) == 0 else { return nil }
        self.folder = folder
        ports = [UInt16](repeating: 0, count: 4)
        guard wp_free_ports(&ports, 4) == 0 else { return nil }
        for end in 0...1 { try start(end) }
    }

    private static let path = "/usr/bin/baresip"

    private func start(_ end: Int) throws(Fault) {
        let home = "\(folder)/baresip-\(end)"
        mkdir(home, 0o700)
        // Without bells, meters and cards: what is left is signalling and a codec.
        try write(
            """
            poll_method epoll
            sip_listen 127.0.0.1:\(ports[end])
            call_local_timeout 120
            call_max_calls 4
            audio_player aubridge,x
            audio_source aubridge,x
            audio_alert none,x
            statmode_default off
            menu_bell no
            ringback_disabled yes
            net_interface 127.0.0.1
            module_path /usr/lib/baresip/modules
            module opus.so
            module g722.so
            module g711.so
            module aubridge.so
            module_tmp account.so
            module_app menu.so
            module_app ctrl_tcp.so
            ctrl_tcp_listen 127.0.0.1:\(ports[2 + end])

            """, to: home + "/config")
        try write(
            "<sip:post@127.0.0.1:\(ports[end])>;regint=0;answermode=manual;audio_codecs=opus/48000/2\n",
            to: home + "/accounts")
        try write("", to: home + "/contacts")
        let program = try BenchProgram(
            [Self.path, "-f", home, "-4"], name: "baresip-\(end)", log: home + "/log")
        ends.append(program)
        _ = try program.hears("baresip is ready")
        var control: Int32 = -1
        for _ in 0..<100 where control < 0 {
            control = wp_loopback_connect(ports[2 + end])
            if control < 0 { SetupBench.pause(ms: 20) }
        }
        controls.append(control)
    }

    private func write(_ text: String, to path: String) throws(Fault) {
        let bytes = Array(text.utf8)
        let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        defer { close(file) }
        guard Glibc.write(file, bytes, bytes.count) == bytes.count else {
            throw Fault(
                "write", at: path, cause: String(cString: strerror(errno)), hint: "Check free space of /tmp.")
        }
    }

    func call() throws(Fault) -> SetupBench.Times {
        for end in ends { end.forget() }
        let begun = wp_uptime_ns()
        tell("dial", "sip:post@127.0.0.1:\(ports[1])", 0)
        let bell = try ends[1].hears("Incoming call from")
        tell("accept", "", 1)
        let talking = try ends[0].hears("Call established")
        tell("hangup", "", 0)
        _ = try ends[1].hears("session closed")
        return SetupBench.Times(bellNs: bell - begun, talkingNs: talking - begun)
    }

    private func tell(_ command: String, _ parameters: String, _ end: Int) {
        let text = "{\"command\":\"\(command)\",\"params\":\"\(parameters)\",\"token\":\"t\"}"
        let bytes = Array("\(text.utf8.count):\(text),".utf8)
        _ = Glibc.write(controls[end], bytes, bytes.count)
        // Its answers and events are of no interest here, but must not fill the socket.
        var none = [UInt8](repeating: 0, count: 16_384)
        while read(controls[end], &none, none.count) > 0 {}
    }

    func end() {
        for control in controls { close(control) }
        for program in ends { program.end() }
        for end in ends.indices {
            let home = "\(folder)/baresip-\(end)"
            for name in ["config", "accounts", "contacts", "uuid", "current_contact"] {
                unlink("\(home)/\(name)")
            }
            rmdir(home)
        }
    }
}
