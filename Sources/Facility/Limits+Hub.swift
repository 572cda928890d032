// SPDX-License-Identifier: Apache-2.0

/// The bounds of a hub; those of the terminals stand in `Limits.swift`.
extension Limits {
    /// Readers of a hub's SQLite file at once, and connections to a hub's PostgreSQL; a further task waits.
    package static let hubReadersCount = 4
    package static let hubPostgresConnectionsCount = 4
    /// A transaction that met another hub's is tried so often in all, then reported as failed.
    package static let hubTransactionTriesCount = 5
    /// Pages of a hub's new file: twice SQLite's own size, for a month of entries at once. Write-ahead pages
    /// before they are copied into it.
    package static let hubPageBytes = 8_192
    package static let hubCheckpointPagesCount = 2_000
    /// A hub's own authority and its server certificate; a terminal's certificate, renewed at two thirds of
    /// it.
    package static let authorityDays = 7_300
    package static let serverCertificateDays = 730
    package static let terminalCertificateDays = 90
    /// A certificate is valid from so long before it was signed, for terminals whose clock is behind.
    package static let certificateBackdateMs = 86_400_000
    /// A join code ends after this; it is used once.
    package static let joinCodeMs = 900_000
    /// Wrong join codes of one address in `signInWindowMs`; further ones are refused unread.
    package static let joinTriesCount = 5
    /// Failed sign-ins of one account and address in `signInWindowMs`; further ones are refused unread.
    package static let signInTriesCount = 5
    package static let signInWindowMs = 900_000
    /// Names and addresses whose failures are counted; beyond it counting begins anew.
    package static let tryKeysMaxCount = 10_000
    /// A session nobody used for so long, and any session after so long, ends. The wall stays in view.
    package static let sessionIdleMs = 900_000
    package static let sessionMaxMs = 43_200_000
    /// Nesting of such a body; a deeper one is refused.
    package static let consoleDepthMaxCount = 16
    /// Largest body of a console request; a longer one is refused unread (413).
    package static let consoleBodyMaxBytes = 64 * 1_024
    /// Names, passwords, reasons and notes of people; longer ones are refused.
    package static let wordsMaxBytes = 400
    /// A long poll for orders is answered with none after this at most.
    package static let ordersWaitMaxMs = 25_000
    /// An order unanswered by its terminal for so long is reported as not known to be done (504).
    package static let orderAnswerMs = 8_000
    /// On a store that hubs share, another hub's orders and answers are looked for this often.
    package static let ordersLookMs = 500
    /// After an order was done, its entry in the journal is awaited so long, and looked for this often.
    package static let orderEchoMs = 1_500
    package static let orderEchoLookMs = 25
    /// Alarms raised so long before a month may have deeds in it.
    package static let dutyReachMs = 2 * 86_400_000
    /// Orders that wait for one terminal; a further one is refused.
    package static let ordersMaxCount = 256
    /// A comment keeps an event stream alive this often.
    package static let streamBeatMs = 5_000
    /// Pieces that wait for one page; a page that lags further is let go and begins anew.
    package static let streamPiecesMaxCount = 256
    /// The wall is asked this often what time alone has changed.
    package static let wallTickMs = 250
    /// A session is written down as used at most this often; rows of sessions are forgotten after so long.
    package static let sessionTouchMs = 60_000
    package static let sessionKeptMs = 2_592_000_000
    /// Another hub's revocations and settings on a shared store are seen after this at most.
    package static let rosterRefreshMs = 5_000
    /// Terminals' certificates whose signature was checked and is remembered; beyond it checking begins anew.
    package static let peersKnownMaxCount = 20_000
    /// Pages that follow at once; a further one is refused (503).
    package static let streamFollowersMaxCount = 256
    /// A longer version of a terminal's program is none.
    package static let versionMaxBytes = 32
    /// Rows of one answer of a list.
    package static let listPageCount = 200
    package static let listMaxCount = 1_000
    /// Batches of terminals committed together at most.
    package static let intakeGroupCount = 64

    /// A terminal's certificate is shorter than this; a longer one is refused.
    package static let certificateMaxBytes = 4_096
    /// After a renewal the certificate before it is good for so long yet; then it is refused.
    package static let certificateOverlapMs = 7 * 86_400_000
    /// Refusals of one source, and of all, that are written one by one within the window; the rest is one
    /// entry for each source at its end.
    package static let refusalsPerSourceCount = 5
    package static let refusalsPerMinuteCount = 60
    package static let refusalsWindowMs = 60_000
    /// Sources told apart in these sums; further ones are summed together.
    package static let refusalSourcesMaxCount = 64
    /// A moment of known time is kept when it halves the uncertainty, less this.
    package static let anchorGainMs = 500
    /// Reports reach to the end of the year 9999; a later time is refused.
    package static let reportUntilMs: Int64 = 253_402_300_799_999
    /// Zones of one account; more are refused.
    package static let areasMaxCount = 64
    /// Webhooks of one hub; a further one is refused.
    package static let webhooksMaxCount = 16
    /// Events that wait for one webhook; beyond it the oldest is given up.
    package static let webhookQueueCount = 2_000
    /// Deliveries at a time.
    package static let webhookAtOnceCount = 16
    /// A webhook that has not answered by then has not taken the event.
    package static let webhookAnswerMs = 10_000
    /// Pauses between tries double up to this; after so many tries, about three days, the event is given up.
    package static let webhookPauseMaxMs = 3_600_000
    package static let webhookTriesCount = 84
    /// Due deliveries are looked for this often.
    package static let webhookLookMs = 500
    /// Alarms of one report or file, the newest of the time; a facility has about 1,000 in a month.
    package static let exportMaxCount = 1_000_000
    /// Troubles that ended may have begun so long before a certificate's period; open ones whenever.
    package static let troubleReachMs: Int64 = 90 * 86_400_000
    /// Below this availability a terminal does not pass its certificate of equipment.
    package static let certificateMinPercent = 99

    /// A bench's journal lets so much wait for the disk while it is filled; then it waits itself.
    package static let playedJournalBytes = 32 * 1_024 * 1_024

    // MARK: The way to the hub

    /// A hub that does not take the connection by then is tried again later.
    package static let hubConnectMs = 5_000
    /// Silence of this length in the middle of an answer ends it.
    package static let hubSilenceMs = 10_000
    /// A request without a whole answer by then is given up.
    package static let hubAnswerMs = 15_000
    /// Of a longer answer nothing is taken.
    package static let hubAnswerMaxBytes = 1_024 * 1_024
    /// What a hub asks for beyond this is cut, milliseconds.
    package static let retryAfterMaxMs = 300_000
    /// How long the hub may keep the question for orders before it says that there are none.
    package static let ordersWaitMs = 25_000
    /// An order that could not be begun so long after its receipt is answered as not done.
    package static let orderKeptMs = 3_000
    /// How far time has come is written down beside the identity when the hub's clock is so much further.
    package static let floorStepMs: Int64 = 86_400_000
    /// The journals are looked at this often even when the kernel told of no write.
    package static let journalLookMs = 1_000
    package static let renewalLookMs = 3_600_000
    /// A file of the identity that is longer is refused.
    package static let identityFileMaxBytes = 16 * 1_024
    /// The demonstration's hub answers by then, or the demo says why not.
    package static let demoHubMs = 15_000
    /// After the last kill of `bench sync-kills` the hub has everything by then; what is missing is lost.
    package static let syncKillsDrainMs = 180_000
    // MARK: A hub above, other hubs on the store

    /// Terminals in one question for cursors; a hub asks again for the rest, a longer one is refused.
    package static let carriedMaxCount = 2_000
    /// Requests with alarms, and with all else, that a hub has under way to the hub above it.
    package static let carryAlarmLanesCount = 4
    package static let carryRestLanesCount = 2
    /// The hub above is asked this often for whoever has nothing to say; the store is looked at as often for
    /// what another hub took.
    package static let carryAskMs = 1_000
    /// Whether somebody joined this hub to one above is looked at this often.
    package static let aboveLookMs = 5_000
    /// What another hub on the store did is seen here after this.
    package static let storeLookMs = 1_000
    /// Kept beside a hub's SQLite file and given up when the disk is full: room for alarms, sign-ins and
    /// audit, while all else waits at the terminals. Whether there is room for it again is looked at this
    /// often.
    package static let hubReserveBytes = 4 * 1_024 * 1_024
    package static let hubRoomLookMs = 5_000
    /// A shorter password is refused.
    package static let passwordMinBytes = 12
}
