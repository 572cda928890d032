// SPDX-License-Identifier: Apache-2.0

/// Every bound of the product, unit last in the name, with what happens when it is reached. Nothing else may
/// be a bound.
package enum Limits {
    // MARK: Contacts (GPIO)

    /// A contact closed this long without a break is a press. Shorter contacts are none: under 5 ms never, 5
    /// to 10 ms never, 50 ms always, also with 30 ms of bounce in front.
    package static let pressMinMs = 10
    /// A contact of this length is owed as a press: when edges are missing and it may have lasted so long, it
    /// is one.
    package static let pressSureMs = 50
    /// A press is over when the contact was open this long; two contacts closer than this are one press.
    package static let releaseMinMs = 40
    /// A level is looked at once more this long after its last edge: the kernel may have dropped one that
    /// followed, and presses 80 ms apart must not run together for that.
    package static let levelAgainMs = 20
    /// Levels are read anew this often whatever the edges said (10 Hz); a lost edge is repaired by then.
    package static let levelPollMs = 100
    /// Held longer: a *stuck* trouble is raised, the press stays raised, re-armed on release.
    package static let stuckAfterMs = 60_000
    /// A missing chip or a busy line is tried again this often.
    package static let chipRetryMs = 500
    /// Both contacts of a supervised point may disagree this long (they never switch together); longer is a
    /// cut or a short.
    package static let supervisedSkewMs = 200
    /// Edges the kernel keeps for us (libgpiod 2); older ones are overwritten and the gap is logged.
    package static let edgeBufferCount = 1_024
    /// Edges the kernel keeps of a line on its older interface (libgpiod 1.6), without numbers; newer ones
    /// are dropped. So many at once, and edges may be missing: reported as lost, count unknown.
    package static let edgeBufferUnnumberedCount = 16
    /// Edges taken in one turn of the loop; the rest waits for the next turn, after the sockets.
    package static let edgesPerTurnCount = 256
    /// Lines in one terminal; a configuration with more is refused.
    package static let linesMaxCount = 128
    /// Largest number of a line within its chip; a larger one is refused.
    package static let lineOffsetMaxCount = 1_023
    /// Changes of outputs that the simulated board remembers; older ones are overwritten, their indices show
    /// the gap.
    package static let simulatedChangesCount = 4_096
    /// Descriptors that one loop polls; more is a programming error and traps.
    package static let loopDescriptorsMaxCount = 63

    /// So long before a contact's time is up the path is rehearsed, and the deadline awaited awake: the press
    /// then meets warm caches and no timer's delay. Costs this much processor time for each closing of a
    /// contact.
    package static let rehearsalUs = 300

    // MARK: Output patterns

    package static let fastBlinkHalfMs = 125
    package static let slowBlinkHalfMs = 1_000

    /// The sound of a trouble: this long, once in each period.
    package static let chirpOnMs = 100
    package static let chirpPeriodMs = 5_000
    /// The buzzer test of a post.
    package static let buzzerTestMs = 1_000

    // MARK: Alarms

    /// An acknowledgement or a silence pauses the sound this long at most; then it sounds again and the
    /// ladder goes on.
    package static let silenceMaxMs = 120_000
    /// After a silence lapsed the sound cannot be silenced again before it sounded this long.
    package static let resoundMinMs = 5_000
    /// Two-way speech that allows a cell call to be cleared from afar (VDE 0834).
    package static let spokenMinMs = 3_000
    /// An open alarm's growing press count is sent at most this often; the count itself is exact.
    package static let pressUpdateMinMs = 1_000
    /// Open alarms kept by one terminal as their origin. Beyond it a press is added to the point's open
    /// alarm; the bound is above `linesMaxCount` times the causes a line can have.
    package static let openAlarmsMaxCount = 1_024
    /// Alarms that ended last and that a killed process still knows, to tell a post that forgot their end;
    /// older ones go.
    package static let endedKeptCount = 16
    /// Standing alarms a post can list: 500 cells and their troubles. At the bound, troubles give way to
    /// alarms, oldest first; alarms beyond it get no receipt, so their cells widen to other posts.
    package static let rollMaxCount = 4_096
    /// Default escalation ladder: neighbours, ward, hub, command centre.
    package static let ladderDefaultMs = [30_000, 60_000, 120_000, 300_000]

    // MARK: PanelLink

    /// Repetitions of an unreceipted datagram, from its first sending; afterwards every
    /// `annunciationRetryLastMs`.
    package static let annunciationRetryMs = [50, 150, 400, 1_000, 2_000]
    package static let annunciationRetryLastMs = 2_000
    /// Without any receipt by then the next ring of posts is addressed too, and again after each further such
    /// time.
    package static let widenAfterMs = 400
    /// A post's confirmation of an open, unattended alarm is good for so long after its latest receipt; then
    /// others are rung at once, and a pause of the sound that was granted there ends.
    package static let confirmationGoodMs = 4_000
    /// It is asked for anew this often: five askings, repeated like a first sending, have to be lost for a
    /// confirmation to run out by chance. 500 alarms on one post: 500 of them and 500 receipts a second.
    package static let confirmationAskMs = 1_000
    /// Heartbeat to each peer.
    package static let heartbeatMs = 1_000
    /// No heartbeat that proves both directions for so long: the peer is *lost* (shown and sounded ≤ 10 s).
    /// Seven in a row have to be lost for it: at 5 % loss and 500 cells less than one false word in a month.
    package static let peerLostMs = 8_000
    /// Largest datagram, sealed; anything longer is refused unread. Below every path MTU.
    package static let datagramMaxBytes = 1_200
    /// Datagrams taken in one turn of the loop before lines are looked at again.
    package static let datagramsPerTurnCount = 64
    /// How far behind the newest a datagram may arrive and still be new; older is refused.
    package static let replayWindowCount = 1_024
    /// The same stale run of a peer is challenged at most this often.
    package static let challengeMinMs = 5
    /// Receive buffer asked of the kernel for the alarm socket.
    package static let socketBufferBytes = 4 * 1_024 * 1_024
    /// Local commands a second and user, beyond which they are refused with a sentence. Presses come by wire.
    package static let localCommandsPerSecondCount = 200
    /// Followers of a post's list on its local socket; a further one is refused.
    /// Answers kept for one local reader; one that lags further behind gets none of them.
    package static let localRepliesMaxCount = 8_192
    /// While answers wait they are tried again this often; after so long without one being read they are
    /// dropped.
    package static let localReplyRetryMs = 1
    package static let localReaderMs = 2_000
    package static let followersMaxCount = 16
    package static let followerLeaseMs = 5_000
    /// Each of the four texts of a fault sent to the tool; longer ones are cut after a whole character.
    package static let faultTextMaxBytes = 100
    /// Peers are looked over for silence this often.
    package static let peerScanMs = 250
    /// First heartbeats of a start follow each other at this distance, so that 500 of them are no burst.
    package static let heartbeatSpacingMs = 2
    /// An officer's action unanswered by the cell for this long is given up: `cellUnreachable`.
    package static let actionGiveUpMs = 10_000
    /// Actions of a post under way; a further one is refused: `tooMany`.
    package static let actionsMaxCount = 256
    /// Replies kept to answer repeated actions with; beyond it the oldest is forgotten.
    package static let actionMemoryCount = 1_024

    // MARK: Journal

    /// Entries waiting for the disk; beyond it the oldest trouble entries are dropped and counted, alarms
    /// never before them.
    package static let journalQueueCount = 8_192
    /// A failed journal is tried again this often.
    package static let journalRetryMs = 2_000
    /// An append unanswered for this long is a shown fault.
    package static let journalStallMs = 2_000
    /// Entries committed together at most.
    package static let journalBatchCount = 128
    /// Kept beside the journal and freed for alarms when the disk fills.
    package static let journalReserveBytes = 2 * 1_024 * 1_024
    /// Reports of the journal taken in one turn; the rest waits for the next.
    package static let localMessagesPerTurnCount = 16
    /// Largest payload of one entry; a longer one is a programming error and traps.
    package static let journalPayloadMaxBytes = 64 * 1_024
    /// Largest name of a thing whose latest entry stands; a longer one traps like a longer payload.
    package static let journalSubjectMaxBytes = 255
    /// Write-ahead pages before they are copied into the file: 1 MB written twice at most once per about 250
    /// commits.
    package static let journalCheckpointPagesCount = 256
    /// Page cache of one journal connection.
    package static let journalCacheBytes = 256 * 1_024
    /// Damaged files that one process puts aside; beyond it the fault stands until the medium is replaced.
    package static let journalPutAsideMaxCount = 8
    /// Newest entries looked through for standing ones when a damaged file's own list cannot be read.
    package static let journalSalvageCount = 20_000
    /// Breaks that a verification lists; further ones are counted only.
    package static let journalBreaksMaxCount = 100
    /// A locked database is tried for this long before it counts as a fault.
    package static let databaseBusyMs = 1_000

    // MARK: Sync

    /// One request holds at most this; a longer body is refused with 413 and the sender halves.
    package static let syncBodyMaxBytes = 1_024 * 1_024
    /// A batch is cut to what this time of the measured throughput carries, so that an alarm never waits
    /// longer behind it.
    package static let syncBatchMs = 500
    /// Before anything was measured, and at least; one entry is sent however large it is.
    package static let syncBatchFirstBytes = 8 * 1_024
    package static let syncBatchMinBytes = 4 * 1_024
    /// Entries in one batch; with more than that waiting, `syncBulkMaxCount`. A hub refuses more.
    package static let syncBatchMaxCount = 1_000
    package static let syncBulkMaxCount = 4_000
    /// Entries read from the journal at once while a batch is filled, and bytes of their payloads: one entry
    /// is read however large it is.
    package static let syncReadCount = 256
    package static let syncReadBytes = 64 * 1_024
    /// While the hub answers, pages of code that were not needed for so long are let go of.
    package static let syncForgetMs = 5_000
    /// A batch is written and sent in pieces of about this size, so that none is copied into a larger one.
    package static let syncPieceBytes = 64 * 1_024
    /// Attributes of one event, known and unknown; nesting of the body, the batch's array included. More is
    /// refused.
    package static let syncNamesMaxCount = 64
    package static let syncDepthMaxCount = 4
    /// A reply longer than this is refused unread.
    package static let syncReplyMaxBytes = 16 * 1_024
    /// After a batch was refused as too large, its bound rises by an eighth each so many replies.
    package static let syncRecoverCount = 64
    /// A request unanswered for this long is given up: a half-open connection is noticed by then.
    package static let syncAnswerMs = 10_000
    /// With nothing to send, the alarm connection proves this often that the terminal lives; the other one
    /// looks this often whether the hub was put back.
    package static let syncProofMs = 2_000
    package static let syncProofRestMs = 60_000
    /// A stream to which the hub objected is shown to it again this often; it goes on once the hub takes it.
    package static let syncObjectedRetryMs = 60_000
    /// The other streams stand back for an alarm under way at most this long.
    package static let syncYieldMs = 2_000
    /// Waiting after failures doubles from the first to the last of these, and chance draws from zero up to
    /// it.
    package static let syncRetryFirstMs = 250
    package static let syncRetryAlarmLastMs = 5_000
    package static let syncRetryRestLastMs = 60_000
    /// A hub's `Retry-After` counts up to this; alarms wait `syncRetryAlarmLastMs` at most.
    package static let syncRetryAfterMaxMs = 300_000
    /// An event older than this when it arrives is history: it is shown and never rings.
    package static let historyAfterMs = 30_000
    /// Boots of a terminal remembered to notice two machines under one name; older ones are forgotten.
    package static let syncBootsMaxCount = 16
    /// Known moments kept per boot, and boots they are kept of; the least certain, then the oldest go.
    package static let anchorsMaxCount = 4
    package static let anchorBootsMaxCount = 64
    /// A terminal's quartz is at most so far off.
    package static let clockDriftPpm = 100

    // MARK: Configuration

    /// Largest board or site file that is read; a larger one is refused unread.
    package static let configurationTextMaxBytes = 1_024 * 1_024
    /// Longest line and deepest nesting in such a file; beyond it the file is refused before it is parsed.
    package static let configurationLineMaxBytes = 1_000
    package static let configurationDepthMaxCount = 24
    /// Mistakes listed in one go; further ones are counted only.
    package static let findingsMaxCount = 200
    /// Terminals, officers, zones or operators in one site; a site with more is refused.
    package static let siteRowsMaxCount = 16_384
    /// Rings of a zone and steps of the ladder; more are refused.
    package static let ladderStepsMaxCount = 16
    /// A later step of the ladder is a mistake: nobody waits for it.
    package static let ladderMaxMs = 3_600_000
    /// Titles, names, chip labels, line names and users; longer ones are refused. Paths below.
    package static let titleMaxBytes = 96
    package static let pathMaxBytes = 1_024
    /// A Unix socket below it must fit into 108 bytes.
    package static let runtimePathMaxBytes = 80

    // MARK: Process

    /// The path is tested, and the service manager's watchdog fed, this often.
    package static let selfTestMs = 2_000
    /// A self-test unanswered for this long stops the feeding.
    package static let selfTestLateMs = 2_500
    /// This many starts within `crashLoopMs`: the last good configuration is used instead of the newest.
    package static let crashLoopCount = 3
    package static let crashLoopMs = 30_000
    /// What the hub sent, what was applied, what was applied before: further back there is nothing.
    package static let crashLoopDepthCount = 2
    /// A supervised process is started again this long after it died.
    package static let restartDelayMs = 200
    /// A supervised process that was told to end is killed after this long.
    package static let stopGraceMs = 2_000
    /// Processes under one supervisor (two descriptors of a poll set of 64 are its own); more are a
    /// programming error.
    package static let supervisedMaxCount = 62

    // MARK: The tool

    /// Rows of journal and hub compared at once.
    package static let benchPageCount = 20_000
    /// The bench's slow line: a packet, and what waits in its modem; the rest waits in the sender's socket.
    package static let slowLinkPacketBytes = 1_400
    package static let slowLinkQueueBytes = 64 * 1_024

    /// A daemon that has not answered a question of the tool by then is reported as silent.
    package static let deskAnswerMs = 2_000
    /// An officer's action without a reply is asked again this often, under the same number.
    package static let deskRepeatMs = 400
    /// An officer's action without a reply for so long is reported as not known to be done.
    package static let deskActionMs = 5_000
    /// A follower asks for the whole list this often, so that a lost change is repaired.
    package static let followerRelistMs = 15_000
    /// The live demo draws anew, reads keys, and holds a button pressed by a key for so long.
    package static let liveRedrawMs = 100
    package static let liveFingerMs = 150
    /// Keys are listed in lines of this width at most.
    package static let liveColumnsCount = 100
    /// Entries of a journal that the tool reads at once.
    package static let journalPageCount = 500
    /// The demo looks at a list this often; well under `localCommandsPerSecondCount`.
    package static let stageLookMs = 20

    // MARK: Time

    /// `Moment.uncertaintyMs` of a clock that was never set since boot.
    package static let wallUnknownMs: UInt32 = .max
    /// A wall clock before this (2024-01-01T00:00:00Z) was never set.
    package static let wallPlausibleFromMs: Int64 = 1_704_067_200_000
}
