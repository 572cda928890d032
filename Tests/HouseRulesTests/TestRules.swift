// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

/// House rules 10 and 12: how tests are named, where they lie, and that what ships is tried by one.
struct TestRules {
    @Test func tests_areNamed_subjectOutcomeCondition() {
        let rule = Rule(
            why: "the name of a failed test is all that most people read of it",
            instead: "subject_outcome_whenCondition, at least two of the three: press_isRaised_whenHeld50Ms"
        ) { file in
            let test =
                #"@Test\b(?:\s*\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\))?\s+(?:@?\w+\s+)*?func\s+([^\s(<]+)"#
            return file.code.matches(of: test).filter { found in
                let name = (file.code as NSString).substring(with: found.range(at: 1))
                return !name.contains(pattern: #"^[A-Za-z0-9]+(_[A-Za-z0-9]+){1,3}$"#)
            }.map { file.line(at: $0.range(at: 1).location) }
        }
        rule.catches("@Test func pressWorks() {}", in: "Tests/GPIOTests/SnippetTests.swift")
        rule.catches(
            #"@Test("says", arguments: [f(1)])"# + "\nfunc pressWorks(n: Int) {}",
            in: "Tests/GPIOTests/SnippetTests.swift")
        rule.allows("@Test func press_isRaised_whenHeld() {}", in: "Tests/GPIOTests/SnippetTests.swift")
        rule.holds(on: Tree.swiftTests)
    }

    @Test func tests_neverSleep() {
        let rule = Rule(
            against: #"\bTask\.sleep\b|\bThread\.sleep\b|\b(u|nano)?sleep\("#,
            why: "a sleep is either too short on a busy machine or wasted on a quiet one",
            instead:
                "hand the time in; for a process or a socket, poll a descriptor until a deadline of Uptime")
        rule.catches("try await Task.sleep(for: .seconds(1))", in: "Tests/GPIOTests/SnippetTests.swift")
        rule.catches("usleep(10)", in: "Tests/GPIOTests/SnippetTests.swift")
        rule.holds(on: Tree.swiftTests)
    }

    /// Source files that no test file mirrors yet, each with what tries them instead. The list only shrinks:
    /// an entry whose test file exists is refused, too.
    static let unmirrored: [String: String] = [
        "Sources/ConsoleServer/Serving.swift": "every TestHub is served and ended by it",
        "Sources/Conduct/LedgerEntry.swift": "stored properties; EntryTextTests write and read each",
        "Sources/Paging/PlayRecord.swift": "names of outcomes; TimetableMachineTests reads them",
        "Sources/SiteCheck/DayReader.swift": "TimetableReaderTests break each of its days",
        "Sources/SiteCheck/RoutineReader.swift": "TimetableReaderTests break each of its keys",
        "Sources/SiteCheck/TimetableRules.swift": "TimetableReaderTests let units meet",
        "Sources/SiteCheck/CalendarEvent.swift": "CalendarImportTests break each of its properties",
        "Sources/Intercom/Gateway/PageSocket.swift": "a socket between processes: the console's test_talk",
        "Sources/Intercom/Gateway/PageVoice.swift": "a page at a card of software: the console's test_talk",
        "Sources/PanelServer/PanelTalk.swift":
            "questions to watchpost-sound: the console's test_talk asks them",
        "Sources/PanelServer/PanelTalkRoutes.swift": "the console's test_talk talks from a post",
        "Sources/ConsoleServer/TalkStateView.swift": "stored properties; TalkDoorTests reads them",
        "Sources/SoundAgent/PageGateway.swift": "a thread between sockets and card: the console's test_talk",
        "Sources/HubServer/Talk/TalkLine.swift": "the WebSocket that TalkDoorTests speaks through",
        "Sources/HubServer/Talk/TalkDesk.swift": "tickets, which TalkDoorTests spends and misuses",
        "Sources/HubServer/Routes/TalkRoutes.swift": "asked and refused by TalkDoorTests",
        "Sources/Audio/ALSADevice.swift":
            "SoundCardTests open ALSA's null and a card that is not there; Tests/VoiceQuality/alsa_call.py",
        "Sources/Audio/ALSACapture.swift":
            "SoundCardTests read ALSA's null; Tests/VoiceQuality/alsa_call.py talks over it",
        "Sources/Audio/ALSAPlayback.swift":
            "SoundCardTests feed ALSA's null; Tests/VoiceQuality/alsa_call.py talks over it",
        "Sources/Audio/AirLine.swift": "between two cards that SimulatedCardTests wire",
        "Sources/Audio/Decibel.swift": "two formulas; EchoCancellerTests and CalibrationTests look at them",
        "Sources/Audio/PCM.swift": "a block of memory and two protocols",
        "Sources/Audio/SpeakerStage.swift": "inside Speaker, tried by SpeakerTests",
        "Sources/Audio/RateChange.swift":
            "speexdsp; ClipTests change a rate, VoiceSessionTests speak G.711",
        "Sources/Audio/SilentCard.swift":
            "SoundCardTests and SteadyCaptureTests hear its silence",
        "Sources/Audio/SoundThread.swift":
            "every session of VoiceSessionTests runs on two",
        "Sources/Intercom/Bench/BenchCall.swift":
            "the place of a measurement; VoiceSessionTests talk through it",
        "Sources/Intercom/Bench/CallBench.swift": "a measurement: watchpost-sound --bench",
        "Sources/Intercom/Bench/EchoBench.swift":
            "a measurement: watchpost-sound --bench echo",
        "Sources/Intercom/Bench/LossyWire.swift": "the place of a measurement",
        "Sources/Intercom/Bench/QualityBench.swift":
            "a measurement: watchpost-sound --bench quality",
        "Sources/Intercom/Bench/StillBench.swift":
            "a measurement: watchpost-sound --bench still",
        "Sources/Intercom/Bench/VoiceBench.swift":
            "a measurement: watchpost-sound --bench",
        "Sources/Intercom/Voice/AudioCodec.swift":
            "a protocol; each codec's tests",
        "Sources/Intercom/Voice/MediaPlan.swift":
            "stored properties; VoiceSessionTests speak by them",
        "Sources/Recordings/OggPages.swift":
            "CallRecorderTests play what it wrote, RecordingFolderTests cut it",
        "Sources/Recordings/RecordingFinding.swift": "what RecordingSealTests look for",
        "Sources/Recordings/SealText.swift": "digits that RecordingSealTests read and write",
        "Sources/Intercom/Voice/RecordingWriter.swift":
            "the thread's part of CallRecorder: CallRecorderTests",
        "Sources/HubServer/Calls/RecordingKey.swift":
            "RecordingDeskTests hear with it, HubBackupTests keep it",
        "Sources/HubServer/Calls/RecordingTable.swift":
            "rows that RecordingDeskTests and CallTableTests read",
        "Sources/HubServer/Calls/RecordingFiles.swift": "the disk behind RecordingDeskTests",
        "Sources/HubServer/Calls/RecordingResponses.swift": "asked over TLS by RecordingDeskTests",
        "Sources/HubServer/Clips/ClipTable.swift": "rows that LibraryDeskTests read on both engines",
        "Sources/HubServer/Clips/ClipResponses.swift": "asked over TLS by ClipFetcherTests",
        "Sources/HubServer/Clips/ClipRoutes.swift": "asked by LibraryDeskTests",
        "Sources/HubServer/Plays/DayRoutes.swift": "asked by PlayTableTests",
        "Sources/HubServer/Plays/TimetableRoutes.swift": "asked by PlayTableTests",
        "Sources/HubServer/Plays/PlayDesk.swift": "PlayTableTests read its days over the console",
        "Sources/HubServer/Calls/CallRoutes.swift": "asked by CallTableTests and RecordingDeskTests",
        "Sources/Console/CallView.swift": "stored properties, which CallTableTests read as JSON",
        "Sources/Intercom/Voice/VoiceExchange.swift": "inside VoiceSession, tried by VoiceSessionTests",
        "Sources/Intercom/Voice/VoicePast.swift": "inside G711Codec; PlayoutTests lose frames",
        "Sources/Intercom/Voice/VoiceReceiver.swift": "inside VoiceSession, tried by VoiceSessionTests",
        "Sources/Intercom/Voice/VoiceReport.swift": "stored properties",
        "Sources/Intercom/Voice/VoiceSender.swift": "inside VoiceSession, tried by VoiceSessionTests",
        "Sources/Intercom/Voice/VoiceSettings.swift": "stored properties",
        "Sources/Facility/Phrase.swift": "two strings",
        "Sources/HubServer/Desk/AlarmDeeds.swift": "CarrierTests' deed_goesDown; HubTests for a hub's own",
        "Sources/HubServer/HubPlaces.swift": "CarrierTests' facility_isOnTheWall",
        "Sources/SyncAgent/OrderPoll.swift": "CarrierTests' deed_goesDown; SyncTerminalTests",
        "Sources/Facility/Release.swift": "one string",
        "Sources/Facility/CallWords.swift": "words; CallMachineTests use each",
        "Sources/Facility/SoundPlan.swift": "stored properties; CompiledSiteSoundTests write and read each",
        "Sources/Facility/PagePlan.swift": "stored properties; CompiledSitePagesTests write and read each",
        "Sources/Intercom/Bench/PageStage.swift": "a measurement: watchpost-sound --bench page",
        "Sources/SoundAgent/Pages/PageBench.swift": "a measurement: watchpost-sound --bench page",
        "Sources/SoundAgent/Pages/PageCrowd.swift": "a measurement: watchpost-sound --bench page",
        "Sources/Workbench/Bench/BroadcastTrial.swift": "a measurement: watchpost bench broadcast",
        "Sources/Workbench/Desk/PageTask.swift": "needs a daemon; says what SoundClient answers",
        "Sources/DeskLink/SoundClient.swift": "needs a daemon: SoundAgentTests' CallDeskTests",
        "Sources/Intercom/Signalling/CallEffect.swift": "an enum without behaviour",
        "Sources/Intercom/Signalling/ReLoop.swift": "every end of SIPEndpointTests lives on one",
        "Sources/SoundAgent/SoundProcess.swift": "a whole process: watchpost demo --script, --bench setup",
        "Sources/SoundAgent/SoundBench.swift": "chooses a measurement",
        "Sources/SoundAgent/SetupBench.swift": "a measurement: watchpost-sound --bench setup",
        "Sources/SoundAgent/BroadcastBench.swift": "a measurement: watchpost-sound --bench broadcast",
        "Sources/SoundAgent/BroadcastTerminal.swift":
            "a process of a measurement: watchpost-sound --bench broadcast",
        "Sources/SoundAgent/BaresipPair.swift": "the peer of a measurement: watchpost-sound --bench setup",
        "Sources/SoundAgent/BenchProgram.swift": "a process of a measurement: watchpost-sound --bench setup",
        "Sources/Workbench/Bench/VoiceTrial.swift": "a measurement: watchpost bench voice",
        "Sources/Workbench/Bench/VoiceSpeech.swift": "speech for a measurement: watchpost bench voice",
        "Sources/Workbench/Desk/CallTask.swift": "needs a daemon; says what SoundClient answers",
        "Sources/ConsoleServer/Sight.swift": "stored properties; HubServerTests' SightTests",
        "Sources/Facility/Fault.swift": "two strings joined",
        "Sources/Facility/Board.swift": "stored properties; CompiledSiteTests writes and reads each",
        "Sources/Facility/BoardLine.swift": "stored properties; CompiledSiteTests writes and reads each",
        "Sources/PanelLink/Message.swift": "stored properties; MessageCodecTests writes and reads each",
        "Sources/PanelLink/LocalMessage.swift": "stored properties; MessageCodecTests writes and reads each",
        "Sources/PanelLink/Delivery.swift": "inside AnnunciationSender, tried by AnnunciationSenderTests",
        "Sources/AlarmAgent/DeskEffect.swift": "an enum without behaviour",
        "Sources/AlarmAgent/PostDesk.swift": "tried with all the rest by TerminalDeskTests",
        "Sources/AlarmAgent/AlarmTerminal.swift": "on real sockets: WorkbenchTests run the daemon",
        "Sources/AlarmAgent/AlarmTerminal+Local.swift":
            "on real sockets: WorkbenchTests run the daemon",
        "Sources/AlarmAgent/AlarmTerminal+Perform.swift":
            "on real sockets: WorkbenchTests run the daemon",
        "Sources/HubServer/Authority/AuthorityFiles.swift": "inside Authority, tried by AuthorityTests",
        "Sources/HubServer/Authority/PeerIdentity.swift":
            "what Authority reads from a certificate, tried by AuthorityTests",
        "Sources/HubServer/Desk/AlarmFold.swift": "between two ends that HubTests drive over TLS",
        "Sources/HubServer/Above/CarriedWire.swift": "CarrierTests ask with it over TLS",
        "Sources/HubServer/Above/HubAbove.swift": "CarrierTests join a hub to one above",
        "Sources/HubServer/Store/CarryTable.swift": "CarrierTests list, refuse and carry on both engines",
        "Sources/HubServer/Web/CarriedResponse.swift": "CarrierTests ask it over TLS as a hub does",
        "Sources/SyncAgent/IdentityRenewal.swift": "files and certificates, as HubIdentity",
        "Sources/HubServer/Desk/Roster.swift": "HubTests revoke on an open connection",
        "Sources/HubServer/HubKeeping.swift":
            "Tests/ConsolePages/test_demo.py signs in and joins with what it made",
        "Sources/HubServer/HubClock.swift": "the machine's own clock",
        "Sources/HubServer/HubParts.swift": "stored properties",
        "Sources/HubServer/People/SignInDesk.swift": "ConsoleResponderTests sign in and out over TLS",
        "Sources/HubServer/Routes/AlarmRoutes.swift":
            "ConsoleResponderTests ask every route as every role; HubTests act",
        "Sources/HubServer/Routes/ConsoleRoutes.swift": "ConsoleResponderTests ask every route as every role",
        "Sources/HubServer/Routes/DutyRoutes.swift":
            "ConsoleResponderTests ask every route as every role; DutyTableTests read over TLS",
        "Sources/HubServer/Routes/JoinRoute.swift": "HubTests join with right and wrong codes",
        "Sources/HubServer/Routes/PeopleRoutes.swift": "ConsoleResponderTests ask every route as every role",
        "Sources/HubServer/Routes/ReportRoutes.swift":
            "ConsoleResponderTests ask; ConsoleTests try the figures",
        "Sources/HubServer/Routes/SessionRoutes.swift": "ConsoleResponderTests sign in and out over TLS",
        "Sources/HubServer/Routes/TerminalRoutes.swift":
            "ConsoleResponderTests ask every route as every role; HubTests join and revoke",
        "Sources/HubServer/Routes/WallRoutes.swift": "ConsoleResponderTests ask every route as every role",
        "Sources/HubServer/Store/AlarmTable.swift": "HubTests write and read alarms on both engines",
        "Sources/HubServer/Store/CommandTable.swift":
            "HubStoreTests number orders from two hubs; HubTests answer them",
        "Sources/HubServer/Store/EventTable.swift": "HubStoreTests write and read entries on both engines",
        "Sources/HubServer/Store/HubSchema.swift": "every test of a store makes these tables on both engines",
        "Sources/HubServer/Store/PeopleTable.swift": "ConsoleResponderTests sign in from it",
        "Sources/HubServer/Store/PostgresConnection.swift":
            "HubStoreTests run over it where a server is installed",
        "Sources/HubServer/Store/PostgresStore.swift":
            "HubStoreTests run over it where a server is installed",
        "Sources/HubServer/Store/SQLiteStore.swift": "HubStoreTests run over it",
        "Sources/HubServer/Store/RoundTable.swift": "RoundDeskTests write and read rounds",
        "Sources/HubServer/Store/StoreCopy.swift": "HubBackupTests copy a PostgreSQL store out and in",
        "Sources/HubServer/Store/WebhookTable.swift": "WebhookDeskTests queue, claim and end deliveries",
        "Sources/HubServer/Store/WishTable.swift": "UseDeskTests and HubStoreTests write and read",
        "Sources/HubServer/Desk/FollowUpDesk.swift":
            "RoundDeskTests and UseDeskTests wait for what it writes",
        "Sources/HubServer/FolderLock.swift": "HubBackupTests restore under a hub that serves",
        "Sources/HubServer/HubTicker.swift": "every HubTests hub runs it",
        "Sources/HubServer/Routes/RoundRoutes.swift": "RoundDeskTests walk a round over TLS",
        "Sources/HubServer/Routes/WebhookRoutes.swift": "WebhookDeskTests add and end one over TLS",
        "Sources/HubServer/Store/TerminalTable.swift": "HubTests set a site, join and revoke",
        "Sources/HubServer/Web/ConsoleRoute.swift": "ConsoleResponderTests ask every route as every role",
        "Sources/HubServer/Web/OpenAPIText.swift": "ConsoleResponderTests ask what it describes",
        "Sources/HubServer/Web/SyncResponder.swift": "HubTests ask it over TLS as terminals do",
        "Sources/Facility/Role.swift": "an enum without behaviour",
        "Sources/ConsoleServer/ConsoleAnswer.swift": "sentences; ConsoleResponderTests look at refusals",
        "Sources/ConsoleServer/Cookies.swift": "ConsoleResponderTests keep them as a browser does",
        "Sources/ConsoleServer/WallFollowers.swift": "HubServerTests' WallDeskTests, PanelWallTests",
        "Sources/ConsoleServer/WebAnswer.swift": "ConsoleResponderTests look at headers and refusals",
        "Sources/ConsoleServer/WebRoute.swift": "ConsoleResponderTests ask every route as every role",
        "Sources/ConsoleServer/WebRoute+Values.swift": "ConsoleResponderTests send right and wrong bodies",
        "Sources/Bundles/BundleFiles.swift": "inside BundleFolder, tried by BundleFolderTests",
        "Sources/Bundles/BundleSeal.swift": "BundleFolderTests alter each word that it covers",
        "Sources/HubServer/Store/BundleTable.swift": "BundleDeskTests write and read it on both engines",
        "Sources/HubServer/Web/BundleResponses.swift": "BundleDeskTests ask it over TLS as terminals do",
        "Sources/SyncAgent/BundleFetcher.swift": "on real connections: Tests/ConsolePages/test_bundles.py",
        "Sources/PanelServer/AgentFeed.swift": "needs a daemon: Tests/ConsolePages/test_panel.py",
        "Sources/PanelServer/PanelDeeds.swift": "needs a daemon: Tests/ConsolePages/test_panel.py",
        "Sources/PanelServer/PanelParts.swift": "stored properties; Tests/ConsolePages/test_panel.py",
        "Sources/PanelServer/PanelResponder.swift": "on a real connection: Tests/ConsolePages/test_panel.py",
        "Sources/PanelServer/PanelRoutes.swift": "in a real browser: Tests/ConsolePages/test_panel.py",
        "Sources/PanelServer/PanelRecordRoutes.swift": "in a real browser: Tests/ConsolePages/test_panel.py",
        "Sources/PanelServer/PanelSessionRoutes.swift": "in a real browser: Tests/ConsolePages/test_panel.py",
        "Sources/PanelServer/PeopleWatch.swift": "Tests/ConsolePages/test_bundles.py changes a PIN",
        "Sources/PanelServer/PostPanel.swift": "a whole process: Tests/ConsolePages/test_panel.py",
        "Sources/PanelServer/PostRecord.swift": "a live journal: Tests/ConsolePages/test_panel.py",
        "Sources/Workbench/Demo/DemoPanels.swift": "real processes: Tests/ConsolePages/test_panel.py",
        "Sources/DeskLink/DeskClient.swift": "needs a daemon: WorkbenchTests' DeskClientTests",
        "Sources/DeskLink/DeskFollower.swift": "needs a daemon: WorkbenchTests' DeskFollowerTests",
        "Sources/DeskLink/DeskStatus.swift": "stored properties",
        "Sources/DeskLink/StandingAlarm.swift":
            "stored properties and a sort: WorkbenchTests' StandingAlarmTests",
        "Sources/DeskLink/Pause.swift": "waits: WorkbenchTests' EventuallyTests",
        "Sources/SyncAgent/HubIdentity.swift": "files and certificates: Tests/ConsolePages/test_demo.py",
        "Sources/SyncAgent/SyncRun.swift": "opens real files: Tests/ConsolePages/test_demo.py",
        "Sources/SyncAgent/Joining.swift":
            "on real connections: Tests/ConsolePages/test_demo.py; JoinProofTests",
        "Sources/Workbench/Demo/DemoHub.swift": "real processes: Tests/ConsolePages/test_demo.py",
        "Sources/Workbench/Bench/HubTables.swift": "a running hub's file: SyncKillsTests",
        "Sources/Workbench/Bench/SyncWriter.swift": "a live journal and its damage: SyncKillsTests",
        "Sources/Workbench/Bench/AlarmBench.swift": "a measurement; `make bench` runs it",
        "Sources/Workbench/Bench/AlarmSite.swift": "the place of a measurement",
        "Sources/Workbench/Bench/BusyAgent.swift": "the load of a measurement",
        "Sources/Workbench/Bench/EchoFloor.swift": "the floor of a measurement",
        "Sources/Workbench/Bench/Hub/HubBench.swift": "a measurement: watchpost bench hub",
        "Sources/Workbench/Bench/Hub/OutboxPeer.swift": "the peer of a measurement",
        "Sources/Workbench/Bench/Hub/PostgresServer.swift": "the place of a measurement",
        "Sources/Workbench/Bench/Hub/SyncBench.swift": "a measurement: watchpost bench sync",
        "Sources/Workbench/Bench/Hub/SyncBench+Telling.swift": "a measurement: watchpost bench sync",
        "Sources/Workbench/Bench/LedgerBench.swift": "a measurement: watchpost bench ledger",
        "Sources/Workbench/Bench/JournalBench.swift": "a measurement; `make bench` runs it",
        "Sources/Workbench/Bench/ProcessFigures.swift": "reads /proc for a measurement",
        "Sources/Workbench/Bench/Stress.swift": "the load of a measurement",
    ]

    @Test func sources_haveATestFile_ofTheirName() {
        let mirrors = Set(Tree.tests.map { "\($0.room)/\($0.stem)" })
        let rule = Rule(
            why: "whoever changes a file looks for its test under its name, and finds there what it promises",
            instead:
                "Sources/X/Foo.swift → Tests/XTests/FooTests.swift, or TestRules.unmirrored with a reason",
            except: Self.unmirrored
        ) { file in
            let subject = file.stem.split(separator: "+").first.map(String.init) ?? file.stem
            // Doorways hold arguments alone; what they call is a room.
            let isPlain = subject == "Placeholder" || file.room.contains(pattern: "^[a-z]")
            return isPlain || mirrors.contains("\(file.room)Tests/\(subject)Tests") ? [] : [1]
        }
        rule.catches("struct Foo {}", in: "Sources/GPIO/Foo.swift")
        rule.allows("", in: "Sources/watchpost/main.swift")
        rule.holds(on: Tree.swiftSources)
        for path in Self.unmirrored.keys {
            #expect(
                Tree.sources.contains { $0.path == path }, "\(path) is gone: take it off TestRules.unmirrored"
            )
        }
    }

    @Test func boardConfigs_areLoaded_byATest() {
        let loaders = Tree.swiftTests.filter {
            $0.room != "HouseRulesTests" && $0.text.contains("board-configs")
        }
        let takesAll = loaders.contains {
            $0.code.contains(
                pattern: #"\b(contentsOfDirectory|subpathsOfDirectory|enumerator|opendir|readdir)\b"#)
        }
        for name in Tree.names(in: "board-configs") where name.hasSuffix(".yaml") || name.hasSuffix(".yml") {
            #expect(
                takesAll || loaders.contains { $0.text.contains(name) },
                "board-configs/\(name) is loaded by no test, so it fails on the day of delivery."
            )
        }
    }
}
