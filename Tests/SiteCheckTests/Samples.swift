// SPDX-License-Identifier: Apache-2.0
import SiteCheck

/// Files without mistakes, for tests that break one thing in them.
enum Samples {
    static let key = String(repeating: "a1", count: 32)
    static let otherKey = String(repeating: "b2", count: 32)

    static let board = """
        board: Cell
        kind: gpiod
        lines:
          - name: button
            chip: gpio0
            line: BUTTON
            duty: emergency-button
            active: low
            bias: pull-up
            supervised-by: nc
          - name: nc
            chip: gpio0
            line: NC
            duty: supervision
          - name: lamp
            chip: gpio0
            line: LAMP
            duty: assurance-lamp
        """

    static let postBoard = """
        board: Post
        kind: simulated
        lines:
          - name: buzzer
            duty: buzzer
        """

    static let site = """
        site: Test
        zones:
          ward-1:
            title: Ward
            rings: [[post-a]]
        terminals:
          - id: cell-101
            role: cell
            zone: ward-1
            title: Room 101
            address: 10.0.0.1:7400
            public-key: \(key)
            board: cell.yaml
          - id: post-a
            role: post
            zone: ward-1
            title: Post
            address: 10.0.0.2:7400
            public-key: \(otherKey)
            board: post.yaml
        ladder: [30s, 60s]
        officers:
          - number: P1
            name: Wang
        operators: [panel]
        """

    /// The findings after one text was put in the place of another.
    static func site(_ old: String, _ new: String) -> [Finding] {
        checkSite(site.replacing(old, with: new, maxReplacements: 1), file: "site.yaml").findings
    }

    static func board(_ old: String, _ new: String) -> [Finding] {
        checkBoard(board.replacing(old, with: new, maxReplacements: 1), file: "board.yaml").findings
    }
}

extension [Finding] {
    /// A mistake in this line whose words hold this.
    func names(_ words: String, line: Int? = nil, severity: Finding.Severity = .mistake) -> Bool {
        contains {
            $0.severity == severity && (line == nil || $0.line == line)
                && ($0.what.english + " " + $0.remedy.english).contains(words)
        }
    }
}
