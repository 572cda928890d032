// SPDX-License-Identifier: Apache-2.0

/// Bounds of the way to the hub where it is narrow, and of a hub of many thousand terminals.
extension Limits {
    /// Proofs of life that are answered from one view of the store; further ones are answered from the next.
    package static let intakeBeatsGroupCount = 512
    /// Proofs of life are written to the store this often, all together; what a kill takes of them the
    /// terminals say again.
    package static let proofsKeptMs = 500
    /// All terminals of a hub together prove that they live so often in a second at most: where there are
    /// more of them, each is asked to do it less often, down to once in `syncProofSlowMs`. That is late for
    /// nobody: after `proofLateMs` a terminal is shown as late.
    package static let hubProofsPerSecondCount = 1_000
    package static let syncProofSlowMs = 3_000
    /// Open alarms on a hub's wall. At the bound, troubles give way to alarms; what is beyond it is in the
    /// store and in every list, not on the wall.
    package static let wallAlarmsMaxCount = 16_384
    /// A batch of entries that are no alarms leaves as quickly as the way carried the one before, so that
    /// what waits in a modem is this long at most; and in mouthfuls of so long, so that an alarm overtakes.
    package static let syncAheadMs = 250
    package static let syncMouthfulMs = 125
    package static let syncMouthfulMinBytes = 1_024
    /// One entry may be larger than a batch: it has as long as this rate needs before it is given up, so
    /// that the largest arrives over such a way, too.
    package static let syncSlowestSecondBytes = 2_000
    /// An order of the hub above is given to a terminal for so long; then the hub above, which waits
    /// `orderAnswerMs`, is told that it was not done.
    package static let orderBelowMs = 6_000
}
