// SPDX-License-Identifier: Apache-2.0

/// What a line of a board does for the product.
package enum LineDuty: UInt8, Sendable, CaseIterable, Hashable {
    // Inputs at any terminal. `partner` may name the normally-closed contact that supervises an alarm button.
    case cellCallButton = 1
    case emergencyButton = 2
    case duressButton = 3
    case silentDuressButton = 4
    /// The normally-closed contact of a supervised button.
    case supervision = 5
    /// Key switch or reset button at the cell's door: proves attendance.
    case attendance = 6
    case tamper = 7

    // Keys of a post.
    case acknowledgeKey = 16
    case silenceKey = 17
    case attendKey = 18
    case clearKey = 19
    case buzzerTestKey = 20

    // Outputs.
    case assuranceLamp = 32
    case buzzer = 33
    case alarmLamp = 34
    case troubleLamp = 35
    /// Lit while the microphone is open.
    case microphoneLamp = 36

    package var isOutput: Bool { rawValue >= 32 }
}

/// One line of a board and what it is for.
package struct BoardDuty: Hashable, Sendable {
    package var line: BoardLine
    package var duty: LineDuty
    /// The supervising normally-closed line, by its name.
    package var partner: PointName?

    package init(line: BoardLine, duty: LineDuty, partner: PointName? = nil) {
        self.line = line
        self.duty = duty
        self.partner = partner
    }
}

/// 板卡: the lines of one terminal.
package struct Board: Hashable, Sendable {
    package enum Kind: UInt8, Sendable, CaseIterable, Hashable {
        case gpiod = 1
        case simulated = 2
    }
    package var name: String
    package var kind: Kind
    package var duties: [BoardDuty]
    /// nil: it has none. Compiled into `TerminalConfig.sound`, not with the board.
    package var card: CardName?
    /// As the card.
    package var canceller: CancellerName

    package init(
        name: String, kind: Kind, duties: [BoardDuty], card: CardName? = nil,
        canceller: CancellerName? = nil
    ) {
        self.name = name
        self.kind = kind
        self.duties = duties
        self.card = card
        self.canceller = canceller ?? .adaptive
    }
}

/// Everything one daemon is told: read from the compiled configuration database, never from free text.
package struct TerminalConfig: Hashable, Sendable {
    /// Rises with each `watchpost apply`.
    package var version: Int64
    package var terminal: TerminalID
    package var site: Site
    package var board: Board
    /// The terminal's own X25519 key, a 0400 file.
    package var keyPath: String
    package var journalPath: String
    /// On tmpfs: local socket, press latch, simulated board.
    package var runtimePath: String
    /// Users of this machine who may act for officers over the local socket; root and the daemon's own user
    /// always may.
    package var operators: [String]
    /// nil: this terminal has no sound.
    package var sound: SoundPlan?

    package init(
        version: Int64, terminal: TerminalID, site: Site, board: Board, keyPath: String, journalPath: String,
        runtimePath: String, operators: [String], sound: SoundPlan? = nil
    ) {
        self.version = version
        self.terminal = terminal
        self.site = site
        self.board = board
        self.keyPath = keyPath
        self.journalPath = journalPath
        self.runtimePath = runtimePath
        self.operators = operators
        self.sound = sound
    }
}
