// SPDX-License-Identifier: Apache-2.0

/// The bounds of sound: cards, voice, clips and recordings.
extension Limits {
    // MARK: Media

    /// Ports that voice takes, in pairs (RTP even, RTCP odd); when all are taken no further call is offered.
    package static let mediaPortsCount: ClosedRange<UInt16> = 16_384...20_479
    /// What the kernel keeps of voice that is not yet read; more is dropped by the kernel.
    package static let mediaReceiveBytes = 65_536
    /// A longer packet is refused.
    package static let mediaPacketMaxBytes = 1_500
    /// Packets taken in one turn of the playback thread; the rest waits for the next turn.
    package static let mediaPacketsPerTurnCount = 64

    // MARK: Cards

    /// The longest run of frames that one read or write moves: 20 ms at 48 kHz.
    package static let soundBlockMaxCount = 960
    /// What a simulated card keeps: older frames are lost, more than that is not taken.
    package static let simulatedCardBufferMs = 200
    /// What is asked of a real card, in its own steps; a card that cannot gives what it can.
    package static let cardPeriodUs = 5_000
    package static let cardBufferMs = 80
    /// A card that moved no frame for so long is closed and opened again.
    package static let cardStallMs = 1_000
    /// A card that is gone or busy is tried again this often.
    package static let cardRetryMs = 500
    /// One turn waits no longer for a microphone: between turns a session may be stopped.
    package static let cardWaitMs = 100
    /// How much is kept waiting in a card, at first; grows by a step when it runs dry, up to the bound, and
    /// shrinks again by a step after so long without.
    package static let cardQueueMs = 5
    package static let cardQueueStepMs = 3
    package static let cardQueueMaxMs = 40
    package static let cardQueueShrinkMs = 20_000

    /// The loudspeaker's card is closed, and its thread asleep, when nothing sounded for so long.
    package static let speakerLingerMs = 200
    /// What its thread waits for: its bell and two sockets of each call. A call beyond is heard at the card's
    /// pace instead of at once.
    package static let speakerDescriptorsCount = 65
    /// A card that takes more than so many steps at once gets the rest in the next turn.
    package static let speakerStepsPerTurnCount = 16
    /// A call's figures are told after so many steps: 100 ms.
    package static let voiceTellStepsCount = 40
    /// A card in trouble for so long ends calls and refuses new ones; the post hears of it at once.
    package static let cardPatienceMs = 5_000
    /// A microphone that was in trouble is tried again by the next call after so long.
    package static let microphoneRetryMs = 5_000

    // MARK: Frames of voice

    /// A longer frame of a codec is refused.
    package static let voiceFrameMaxBytes = 1_275
    /// What an encoder that sends copies inside its frames reckons with.
    package static let opusExpectedLossPercent = 60
    /// Frames that wait in order; a frame further ahead or behind is no frame of this stream.
    package static let jitterSlotsCount = 64
    /// So many frames in a row from elsewhere are a new stream.
    package static let jitterStraysCount = 4
    /// Another source is listened to only when the one that was heard has been silent for this long: who
    /// sends beside it, from the very same address, is not heard.
    package static let otherSourceAfterMs = 200
    /// A timestamp further away than this is of a new stream; no pause without a packet is as long.
    package static let jitterLeapMs = 600_000
    /// A stream that begins waits so long for its second frame.
    package static let jitterStartMs = 8
    /// Lateness is judged by so many frames, anew after each so many.
    package static let jitterWindowCount = 400
    package static let jitterRecountCount = 8
    /// So many of them may be later than the buffer waits: they are concealed.
    package static let jitterLateCount = 4
    /// What the buffer keeps beyond the lateness that it allows.
    package static let jitterMarginUs = 1_500
    /// A stream that stays away is concealed for so long; then there is silence.
    package static let jitterConcealMs = 200
    /// The buffer keeps at most so much; older frames are passed over.
    package static let jitterMaxMs = 250
    /// Voice is played faster or slower by at most so much to keep the buffer right.
    package static let playoutRateMaxPpm = 8_000
    /// The steps in which a card is fed.
    package static let playoutStepUs = 2_500
    /// What waits may be so far off before the speed is altered; so much off, and periods of the voice are
    /// left out or repeated.
    package static let playoutDeadUs = 3_000
    package static let playoutShortenUs = 14_000
    package static let playoutLengthenUs = 8_000
    /// What the loudspeaker plays is aligned anew to the microphone when it is so far off: a card was opened
    /// again.
    package static let referenceJumpMs = 12
    /// Redundant frames in each packet between our own terminals: so many losses in a row cost nothing.
    package static let redundantFramesCount = 2
    /// Reports to the other side (RTCP).
    package static let mediaReportMaxBytes = 128
    package static let mediaReportMs = 1_000

    // MARK: Echo and loudness

    /// What gain control brings a voice to, by at most so much, and how quickly upwards.
    package static let gainGoalDb = -24.0
    package static let gainMostDb = 12.0
    package static let gainRisePerSecondDb = 3.0
    /// A calibrated delay beyond this shifts the canceller's view: so much of it stays in view, to be wrong
    /// by.
    package static let echoLeadMs = 64

    /// Louder than this under full scale is voice.
    package static let voiceActiveDb = -45.0
    /// A rest of the echo over this for so long, and only one side is heard at a time.
    package static let echoBadDb = -38.0
    package static let echoBadMs = 2_000
    /// How quickly the lowered side comes back, and how low it is.
    package static let duckDecayMs = 150
    package static let duckedPercent: Float = 3
    package static let duckedLoudspeakerPercent: Float = 30
    /// How long an echo the canceller learns.
    package static let echoTailMs = 400
    // MARK: Sounds

    /// A sound comes and goes within so long: nothing clicks, and what yields has yielded by then.
    package static let soundRampMs = 20
    /// A longer clip, one of more channels or of a higher rate is refused.
    package static let clipMaxMs = 120_000
    package static let clipChannelsMaxCount = 2
    package static let clipRateMaxHz = 48_000
    /// What follows a notice that is said after another.
    package static let noticePauseMs = 400
    // MARK: Recordings

    /// What waits for a slow disk; more is lost and counted.
    package static let recorderRingMs = 4_000
    /// One side that stays away so long is recorded as silence.
    package static let recorderLagMs = 1_000
    /// A recording is signed after so many chunks of 1 s, and at its end.
    package static let recordingSealCount = 10
    /// A recorder that hears nothing for longer writes it as silence, and its entry says how much.
    package static let recorderGapMs = 250
    /// Both channels together.
    package static let recordingBitsPerSecondCount = 48_000
    // MARK: Calibration

    /// The loudspeaker is looked for in the microphone up to this delay; not found, and the test fails.
    package static let calibrationMaxMs = 500
    /// A card that stumbles meanwhile is listened to again so often; then the test fails.
    package static let calibrationTriesCount = 5
    /// It must stand out of everything else by so much.
    package static let calibrationClearDb = 18.0
    /// A calibrated delay is shown to be kept for one card; a longer file is none.
    package static let calibrationFileMaxBytes = 512
    /// Whoever asked for a sound test waits so long for what was heard; then the process is stuck.
    package static let soundTestMs = 20_000

    // MARK: Proof of play

    /// Quieter than this under full scale, and there is nothing to be heard of what is played.
    package static let proofPlayedLeastDb = -50.0
    /// So much of what was played is compared before anything is said, and then anew each so often.
    package static let proofLeastMs = 1_000
    package static let proofLookMs = 250
    /// So far under the calibrated level for certain: too quiet. A loudspeaker that lost 10 dB is found, a
    /// person who moved is not.
    package static let proofTooQuietDb = -7.0
    /// So far under it for certain: not heard. A neighbour's loudspeaker through the wall is below it.
    package static let proofNotHeardDb = -14.0
    /// How many times further off than its likely error a measure may be before it counts as certain.
    package static let proofErrorsCount = 3.0
    /// What is played must tell of so many places of the spectrum before a loss is believed: a single tone
    /// may fall into a hole of the room.
    package static let proofPlacesCount = 2.0

    // MARK: Volume

    /// In a room quieter than the first a unit or a page is so much lowered, in one louder than the second
    /// not at all.
    package static let roomQuietDb = -62.0
    package static let roomLoudDb = -42.0
    package static let roomLeastDb = -9.0
    /// The echo of what was played has died away after so long; then stretches of this length are measured.
    package static let roomSettleMs = 300
    package static let roomStretchMs = 100
    /// What was measured of a room counts so long.
    package static let roomKnownMs = 1_800_000
    /// The deepest cap of a night; a deeper one is refused: nobody would hear anything.
    package static let nightCapLeastDb: Int8 = -40
    /// What a cap lowered comes back over so long, if it may.
    package static let capReleaseMs = 500
    /// How far the tone of a night's round is under a calibration's sweep.
    package static let quietToneDb = -26.0
}
