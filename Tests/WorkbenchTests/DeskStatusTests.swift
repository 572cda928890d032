// SPDX-License-Identifier: Apache-2.0
import DeskLink
import Facility
import PanelLink
import Testing
import Workbench

@Test func status_saysWhatCannotBeKnown_whenTheLibraryCountsNoEdges() throws {
    let own = TerminalStatus(
        terminal: TestSite.post(1), role: .post, run: 0xab, uptimeMs: 1, readyMs: 2, journal: .stalled,
        linesHealthy: false, configVersion: 3, standing: 4, presses: 5, edgesLost: nil, refused: 6)
    let peers = [PeerStatus(terminal: TestSite.cell(1), state: .never, lastHeardMs: .max)]
    let fault = Fault("open", at: "chip", cause: "busy", hint: "Wait.")
    let status = DeskStatus(own: own, peers: peers, faults: [fault])
    let text = status.lines(site: TestSite.configs(cells: 1, posts: 1)[0].site, language: .en).joined(
        separator: "\n")
    #expect(text.contains("cannot be known") && text.contains("stalled") && text.contains("never heard"))
    #expect(text.contains("! \(fault)") && text.contains("00000000000000ab"))
    let json = status.json.description
    #expect(json.contains("\"edgesLost\":null") && json.contains("\"lastHeardMs\":null"))
}
