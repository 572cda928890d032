// SPDX-License-Identifier: Apache-2.0
import Facility
import Testing

@testable import HubServer

struct HubCommandTests {
    @Test func words_areUnderstood_eachWithItsOwn() throws {
        guard case .serve? = HubCommand([])?.task else { throw Wrong() }
        guard case .backup("b")? = HubCommand(["--config", "c", "--backup", "b"])?.task else { throw Wrong() }
        guard case .restore("b")? = HubCommand(["--restore", "b"])?.task else { throw Wrong() }
        guard case .recordingKey? = HubCommand(["--recording-key"])?.task else { throw Wrong() }
        let below = HubCommand(["--below", "wh1", "--site", "site.db"])?.task
        guard case .below(let hub, site: "site.db")? = below, hub == name("wh1") else { throw Wrong() }
        let above = HubCommand(["--join-above", "https://city:7080", "--code", "K"])?.task
        guard case .joinAbove("https://city:7080", code: "K")? = above else { throw Wrong() }
        guard
            case .code(let terminal, serial: "s")? = HubCommand(["--code", "cell-1", "--serial", "s"])?.task
        else { throw Wrong() }
        #expect(terminal == name("cell-1"))
        let user = ["--user", "u", "--role", "officer", "--officer", "P1", "--areas", "ward-1,ward-2"]
        guard case .user("u", .officer, let officer, let areas)? = HubCommand(user)?.task else {
            throw Wrong()
        }
        #expect(officer == name("P1") && areas == [name("ward-1"), name("ward-2")])
    }

    @Test(arguments: [
        "--backup", "--nonsense x", "--code cell-1 --areas ward-1", "--user u", "--user u --role king",
        "--backup a --restore b", "--recording-key --recording-key", "--backup a --backup b", "--serial s",
        "--user u --role officer --areas a/b",
        "--code a/b", "--below wh1", "--below a/b --site f", "--join-above u", "--site f",
    ])
    func words_areRefused_thatBelongToNothing(words: String) {
        #expect(HubCommand(words.split(separator: " ").map(String.init)) == nil)
    }

    private struct Wrong: Error {}
}
