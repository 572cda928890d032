// SPDX-License-Identifier: Apache-2.0
import CLinux
import DeskLink
import Facility
import Foundation

/// What one would script instead: an outbox in SQLite that posts 500 events of 300 bytes at a time over TLS
/// with certificates both ways, to a receiver that commits them to SQLite; Python, its standard library, both
/// databases with WAL and `synchronous=FULL`. The keys are the hub's and the terminal's. On the bench's
/// thread.
struct OutboxPeer {
    struct Figures {
        var events = 0
        var perSecond = 0.0
        var atReceiver = 0
    }

    let directory: String
    /// Where the hub's authority is, and a terminal's identity.
    let authority: String
    let identity: String

    static let script = #"""
        import http.client, http.server, json, sqlite3, ssl, sys, time

        def database(path):
            db = sqlite3.connect(path, isolation_level=None)
            db.execute("PRAGMA journal_mode=WAL")
            db.execute("PRAGMA synchronous=FULL")
            return db

        def event(seq):
            text = json.dumps({"id": f"r0-T-0017-{seq:010d}", "terminal": "T-0017", "seq": seq,
                "kind": "score", "ts": f"2026-11-22T01:{seq // 60 % 60:02d}:{seq % 60:02d}.{seq % 1000:03d}Z",
                "cell": f"B2-{seq % 240:03d}", "actor": "officer-0421", "state": "raised", "detail": ""},
                separators=(",", ":"))
            return text[:-2] + "x" * (300 - len(text)) + text[-2:]

        def fill(path, count):
            db = database(path)
            db.execute("CREATE TABLE outbox(seq INTEGER PRIMARY KEY, prio INTEGER, body TEXT)")
            db.execute("CREATE INDEX o ON outbox(prio, seq)")
            db.execute("BEGIN")
            db.executemany("INSERT INTO outbox VALUES(?,?,?)",
                ((i, int(i % 6 != 0), event(i)) for i in range(count)))
            db.execute("COMMIT")

        def receive(path, port, chain, key, authority):
            db = database(path)
            db.execute("CREATE TABLE event(terminal TEXT, seq INTEGER, body TEXT, "
                "PRIMARY KEY(terminal, seq))")
            class Receiver(http.server.BaseHTTPRequestHandler):
                protocol_version = "HTTP/1.1"
                def do_POST(self):
                    events = json.loads(self.rfile.read(int(self.headers["content-length"])))
                    db.execute("BEGIN IMMEDIATE")
                    db.executemany("INSERT INTO event VALUES(?,?,?) ON CONFLICT DO NOTHING",
                        [(e["terminal"], e["seq"], json.dumps(e)) for e in events])
                    db.execute("COMMIT")
                    self.send_response(200)
                    self.send_header("content-length", "0")
                    self.end_headers()
                def log_message(self, *words): pass
            server = http.server.HTTPServer(("127.0.0.1", port), Receiver)
            tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            tls.minimum_version = ssl.TLSVersion.TLSv1_3
            tls.load_cert_chain(chain, key)
            tls.load_verify_locations(authority)
            tls.verify_mode = ssl.CERT_REQUIRED
            server.socket = tls.wrap_socket(server.socket, server_side=True)
            server.serve_forever()

        def drain(path, port, chain, key, authority):
            db = database(path)
            tls = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            tls.minimum_version = ssl.TLSVersion.TLSv1_3
            tls.load_cert_chain(chain, key)
            tls.load_verify_locations(authority)
            tls.verify_flags &= ~ssl.VERIFY_X509_STRICT if hasattr(ssl, "VERIFY_X509_STRICT") else ~0
            hub = http.client.HTTPSConnection("127.0.0.1", port, context=tls, timeout=30)
            for attempt in range(200):
                try:
                    hub.connect()
                    break
                except OSError:
                    time.sleep(0.05)
            sent, began = 0, time.perf_counter()
            while True:
                rows = db.execute("SELECT seq, body FROM outbox ORDER BY prio, seq LIMIT 500").fetchall()
                if not rows: break
                hub.request("POST", "/events", "[" + ",".join(r[1] for r in rows) + "]",
                    {"content-type": "application/json"})
                answer = hub.getresponse()
                answer.read()
                if answer.status != 200:
                    time.sleep(0.2)
                    continue
                db.execute("BEGIN")
                db.executemany("DELETE FROM outbox WHERE seq=?", [(r[0],) for r in rows])
                db.execute("COMMIT")
                sent += len(rows)
            print(sent, time.perf_counter() - began, flush=True)

        def count(path):
            print(sqlite3.connect(path).execute("SELECT count(*) FROM event").fetchone()[0], flush=True)

        words = [int(word) if word.isdigit() else word for word in sys.argv[2:]]
        {"fill": fill, "receive": receive, "drain": drain, "count": count}[sys.argv[1]](*words)

        """#

    /// Fills an outbox with so many events and drains it. `isWanted`: asked now and then.
    func run(_ count: Int, isWanted: @escaping () -> Bool) throws(Fault) -> Figures {
        let name = String(UInt32.random(in: .min ... .max), radix: 36)
        let (script, outbox) = ("\(directory)/outbox.py", "\(directory)/outbox-\(name).db")
        let receiver = "\(directory)/receiver-\(name).db"
        do { try Self.script.write(toFile: script, atomically: true, encoding: .utf8) } catch {
            throw Fault("write", at: script, cause: "\(error)", hint: "Check free space, or set TMPDIR.")
        }
        defer {
            for path in [outbox, receiver] {
                for end in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + end) }
            }
        }
        var port: [UInt16] = [0]
        _ = wp_free_ports(&port, 1)
        _ = try ended([script, "fill", outbox, "\(count)"], isWanted)
        let server = Supervisor()
        server.run([
            Program(
                name: "receiver", executable: try Self.python(),
                arguments: [
                    script, "receive", receiver, "\(port[0])", authority + "/server.pem",
                    authority + "/server.key", authority + "/authority.pem",
                ], logPath: directory + "/log/receiver.log")
        ])
        let said = try ended(
            [
                script, "drain", outbox, "\(port[0])", identity + "/certificate.pem", identity + "/key.pem",
                identity + "/authority.pem",
            ], isWanted)
        server.stopAll()
        let words = said.split(whereSeparator: \.isWhitespace)
        guard words.count >= 2, let sent = Int(words[0]), let seconds = Double(words[1]), seconds > 0 else {
            throw Fault(
                "measure the peer", at: script, cause: "it said “\(said)”",
                hint: "See receiver.log and the python3 of this machine.")
        }
        let arrived = try ended([script, "count", receiver], isWanted)
        return Figures(
            events: sent, perSecond: Double(sent) / seconds,
            atReceiver: Int(arrived.split(separator: "\n").first ?? "") ?? 0)
    }

    /// Runs to its end; what it printed.
    private func ended(_ words: [String], _ isWanted: () -> Bool) throws(Fault) -> String {
        let log = "\(directory)/log/peer-\(String(UInt32.random(in: .min ... .max), radix: 36)).log"
        let supervisor = Supervisor()
        supervisor.run([
            Program(name: "peer", executable: try Self.python(), arguments: words, logPath: log)
        ])
        defer { supervisor.stopAll() }
        var end: ProcessEnd?
        while isWanted(), end == nil {
            end = supervisor.report("peer")?.lastEnd
            if end == nil { pause(ms: 2) }
        }
        let text = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
        guard end == .code(0) else {
            throw Fault(
                "run the peer", at: words.joined(separator: " "),
                cause: end == nil ? "it was stopped" : "it failed: \(text.suffix(400))",
                hint: "It needs python3 with its sqlite3 and ssl modules: apt-get install python3.")
        }
        return text
    }

    private static func python() throws(Fault) -> String {
        let path = "/usr/bin/python3"
        guard access(path, X_OK) == 0 else {
            throw Fault(
                "find program", at: path, cause: String(cString: strerror(errno)),
                hint: "apt-get install python3")
        }
        return path
    }
}
