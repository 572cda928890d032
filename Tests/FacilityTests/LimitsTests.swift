// SPDX-License-Identifier: Apache-2.0
import Facility
import Testing

/// Not the numbers again, but what has to hold between them.
struct LimitsTests {
    @Test func contacts_areTellable_whenTheyBounce() {
        #expect(
            Limits.pressMinMs >= 5 && Limits.pressMinMs <= 20,
            "5 ms is none; 50 ms with 30 ms of bounce is a press")
        #expect(Limits.releaseMinMs > 30, "bounce lasts up to 30 ms and must not part one press in two")
        #expect(Limits.pressMinMs < Limits.releaseMinMs)
        #expect(Limits.releaseMinMs < Limits.levelPollMs)
        #expect(Limits.levelPollMs <= 100, "a lost edge is repaired within 100 ms")
        #expect(Limits.stuckAfterMs == 60_000)
        #expect(
            Limits.chipRetryMs + Limits.supervisedSkewMs + Limits.levelPollMs < 5_000,
            "a cut is seen within 5 s")
        #expect(Limits.edgeBufferCount >= 1_024 && Limits.edgesPerTurnCount < Limits.edgeBufferCount)
    }

    @Test func lampPatterns_areTellable_whenSeenFromAcrossACell() {
        #expect(Limits.slowBlinkHalfMs >= 4 * Limits.fastBlinkHalfMs)
        #expect(Limits.fastBlinkHalfMs <= 150, "the first change of the lamp is the reassurance: 150 ms")
    }

    @Test func silence_isBounded_whenNobodyAttends() {
        #expect(Limits.silenceMaxMs <= 120_000)
        #expect(Limits.resoundMinMs > 0 && Limits.resoundMinMs < Limits.silenceMaxMs)
        #expect(Limits.spokenMinMs >= 3_000)
        #expect(Limits.pressUpdateMinMs >= 1_000, "20 presses a second must not become 20 datagrams")
    }

    @Test func ladder_rises_whenClimbed() {
        let ladder = Limits.ladderDefaultMs
        #expect(zip(ladder, ladder.dropFirst()).allSatisfy(<))
        #expect(ladder == [30_000, 60_000, 120_000, 300_000])
        #expect(ladder.count < Int(UInt8.max), "steps are counted in a byte")
    }

    @Test func lists_haveRoom_whenAllCellsCallAtOnce() {
        #expect(Limits.rollMaxCount >= 500 * 4)
        #expect(Limits.openAlarmsMaxCount > Limits.linesMaxCount)
        #expect(Limits.openAlarmsMaxCount < Limits.rollMaxCount)
        #expect(Limits.journalQueueCount >= Limits.rollMaxCount)
    }

    @Test func peers_areMissedInTime_whenTheyFallSilent() {
        #expect(Limits.heartbeatMs * 3 < Limits.peerLostMs, "two lost heartbeats are no lost peer")
        #expect(Limits.peerLostMs + Limits.heartbeatMs < 10_000)
    }

    @Test func repetitions_widen_whenNoReceiptComes() {
        let repeats = Limits.annunciationRetryMs
        #expect(zip(repeats, repeats.dropFirst()).allSatisfy(<))
        #expect(repeats.first.map { $0 > 0 && $0 <= 50 } == true)
        #expect(repeats.last == Limits.annunciationRetryLastMs)
        #expect(
            repeats.contains { $0 < Limits.widenAfterMs },
            "the nearest posts are asked twice before others are")
        #expect(Limits.widenAfterMs < 1_000, "a post that is down still leaves a second to ring another")
        #expect(Limits.annunciationRetryLastMs < Limits.peerLostMs)
    }

    @Test func datagrams_fitOneFrame_whenSealed() {
        #expect(Limits.datagramMaxBytes <= 1_280 - 48, "the smallest IPv6 path, less its headers")
        #expect(Limits.socketBufferBytes >= 500 * Limits.datagramMaxBytes * 2, "500 cells at once, twice")
        #expect(Limits.datagramsPerTurnCount < Limits.replayWindowCount)
    }

    @Test func watchdog_isFedInTime_whenAllIsWell() {
        #expect(
            Limits.selfTestMs < Limits.selfTestLateMs && Limits.selfTestLateMs + Limits.selfTestMs < 5_000)
        #expect(
            Limits.crashLoopCount * Limits.restartDelayMs < Limits.crashLoopMs,
            "quick crashes are counted as a loop")
        #expect(Limits.journalStallMs <= Limits.selfTestLateMs, "a stalled disk is shown, never a restart")
    }

    @Test func journal_holds_whenTheDiskIsSlow() {
        #expect(Limits.journalBatchCount < Limits.journalQueueCount)
        #expect(Limits.journalPayloadMaxBytes < Limits.journalReserveBytes)
        #expect(Limits.datagramMaxBytes < Limits.journalPayloadMaxBytes, "what travels can be kept whole")
    }

    @Test func console_showsInTime_andLeavesNobodyOut() {
        #expect(Limits.attendWithinMs == 300_000, "the five-minute rule")
        #expect(Limits.proofLateMs < Limits.peerLostMs && Limits.peerLostMs < 10_000)
        #expect(2 * Limits.floodRestCount <= Limits.floodLinesMaxCount, "emergencies keep most of the lines")
        #expect(Limits.floodRestCount >= 4, "calls and troubles, shelved or not, by class: four lines")
        #expect(Limits.floodEndsCount < Limits.floodBeginsCount, "or the word flickers")
    }

    @Test func clock_isImplausible_whenItStartsIn1970() {
        #expect(Limits.wallPlausibleFromMs == 1_704_067_200_000)
        #expect(Limits.wallUnknownMs == .max)
    }
}
