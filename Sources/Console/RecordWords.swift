// SPDX-License-Identifier: Apache-2.0
internal import Alarms
package import Facility

/// What stands in records as codes, in words: what was done, and how it ended. One table for the hub's audit
/// and the posts' own records; the codes stay what the hash chain covers.
///
/// Pure. Always true: every code that this program writes has words (a test looks for them in its sources);
/// one that it does not know is shown as it stands.
package enum RecordWords {
    package static func did(_ code: String) -> Phrase {
        deeds[code].map { Phrase($0.zh, $0.en) } ?? Phrase(code, code)
    }

    package static func ended(_ code: String) -> Phrase {
        if code == "done" { return Phrase("✓ 完成", "✓ Done") }
        if let alarm = AlarmRefusal.allCases.first(where: { "\($0)" == code }) {
            return Phrase("✕ " + alarm.chinese, "✕ " + alarm.english)
        }
        if let console = ConsoleRefusal(rawValue: code) {
            return Phrase("✕ " + console.phrase.zh, "✕ " + console.phrase.en)
        }
        if let (zh, en) = refusals[code] { return Phrase("✕ " + zh, "✕ " + en) }
        return counted(code) ?? unknown(code)
    }

    package static func isKnown(deed code: String) -> Bool { deeds[code] != nil }
    package static func isKnown(end code: String) -> Bool { ended(code) != unknown(code) }

    private static func unknown(_ code: String) -> Phrase { Phrase("✕ " + code, "✕ " + code) }

    /// `17 more in a minute`, `hungUp 42 s`.
    private static func counted(_ text: String) -> Phrase? {
        let words = text.split(separator: " ")
        if words.count == 5, text.hasSuffix(" more in a minute") {
            return Phrase("✕ 一分钟内另有 \(words[0]) 次", "✕ \(text)")
        }
        guard words.count == 3, words[2] == "s", let (zh, en) = talks[String(words[0])] else { return nil }
        return Phrase("\(zh)，通话 \(words[1]) 秒", "\(en), talked \(words[1]) s")
    }

    private static let deeds: [String: (zh: String, en: String)] = [
        "alarm.acknowledge": ("确认报警", "Acknowledge"), "alarm.attend": ("登记到场", "Attend"),
        "alarm.clear": ("解除报警", "Clear"), "alarm.silence": ("暂停鸣响", "Silence"),
        "session.begin": ("登录", "Log in"), "session.end": ("退出", "Log out"),
        "view.alarms": ("查看报警记录", "Read the alarm record"), "view.alarm": ("查看报警经过", "Read an alarm"),
        "view.duty": ("查看值勤记录", "Read the duty record"), "view.audit": ("查看审计", "Read the audit"),
        "view.users": ("查看用户", "Read the users"), "view.webhooks": ("查看推送地址", "Read the webhooks"),
        "flood.shelve": ("搁置一组报警", "Shelve a group of alarms"),
        "flood.unshelve": ("取消搁置", "End a shelving"),
        "cell.use": ("决定监室可否使用", "Decide whether a cell is usable"),
        "round.begin": ("开始按钮轮测", "Begin a button round"), "round.skip": ("轮测略过监室", "Skip a cell of a round"),
        "round.end": ("结束按钮轮测", "End a button round"),
        "intercom.ask": ("请求通话", "Ask to talk"), "intercom.open": ("打开监室麦克风", "Open a cell's microphone"),
        "intercom.close": ("关闭监室麦克风", "Close a cell's microphone"),
        "view.calls": ("查看通话记录", "Read the calls"), "recording.play": ("播放录音", "Hear a recording"),
        "recording.export": ("导出录音", "Save a recording"),
        "recording.key": ("录音签名密钥变更", "A terminal's sealing key is new"),
        "recording.refused": ("录音被拒绝", "A recording is refused"),
        "user.put": ("新建或修改用户", "Make or change a user"), "user.shut": ("停用用户", "Shut a user out"),
        "account.put": ("在主机上新建或修改用户", "Make or change a user, at the machine"),
        "webhook.put": ("新建或修改推送地址", "Make or change a webhook"),
        "webhook.remove": ("删除推送地址", "Remove a webhook"), "webhook.deliver": ("推送", "Deliver to a webhook"),
        "terminal.code": ("发加入码", "Give a join code"), "terminal.join": ("终端加入", "A terminal joins"),
        "terminal.renew": ("终端证书续期", "A terminal's certificate is renewed"),
        "terminal.revoke": ("吊销终端证书", "Revoke a terminal"),
        "sync.refused": ("终端被拒绝", "A terminal is refused"),
        "request.refused": ("请求被拒绝", "A request is refused"), "refusals": ("另有被拒请求", "Further refusals"),
        "clip.put": ("新建或修改语音单元", "Make or change a voice unit"),
        "clip.rename": ("语音单元改名", "Rename a voice unit"), "clip.remove": ("删除语音单元", "Remove a voice unit"),
        "clip.refused": ("终端上的语音单元不符，已丢弃", "A voice unit at a terminal was not right, thrown away"),
        "bundle.publish": ("下发配置包", "Publish to terminals"),
        "timetable.publish": ("下发作息表", "Publish a timetable"),
        "hub.backup": ("备份", "Back up"), "hub.restore": ("恢复备份", "Restore a backup"),
        "hub.restored": ("恢复后终端补传", "Brought again after a restore"),
        "hub.below": ("登记下级中心", "List a hub below"), "hub.join-above": ("加入上级中心", "Join a hub above"),
        "hub.order": ("执行上级中心的操作", "An order of the hub above"),
    ]

    /// What a page, a panel or the sync port refuses besides what alarms and console do.
    private static let refusals: [String: (zh: String, en: String)] = [
        "notStored": ("录音尚未上传", "Not at the hub yet"),
        "wrongPin": ("警号或口令不正确", "Wrong number or PIN"), "pinLocked": ("口令已锁定", "PIN locked"),
        "wrongSignIn": ("用户名、密码或验证码不正确", "Wrong name, password or code"),
        "wrongCode": ("加入码无效、已使用或已过期", "Wrong, used or old join code"),
        "tooManyTries": ("尝试次数过多", "Too many tries"),
        "noOfficers": ("岗位尚无民警名单", "No officers known yet"), "signedOut": ("未登录", "Not signed in"),
        "foreignOrigin": ("不是从本页面发出", "Not from these pages"), "noAnswer": ("终端没有应答", "No answer"),
        "unwritten": ("未逐条记录", "Not written one by one"), "notFound": ("没有找到", "No such thing"),
        "keyMissing": ("中心没有录音的密钥", "The recording's key is not at the hub"),
        "badRequest": ("请求有误", "Not a right request"), "notJSON": ("请求不是 JSON", "Not JSON"),
        "badMethod": ("请求方式有误", "Not done that way"), "tooLarge": ("请求过大", "Too large a request"),
        "tooManyPages": ("打开的页面过多", "Too many pages open"),
        "tooManyTalks": ("同时通话过多", "Too many talks at once"),
        "noAlarm": ("没有待答的报警", "No alarm waits for an answer"),
        "noGateway": ("没有语音网关", "No voice gateway"), "noSound": ("语音程序没有应答", "The voice does not answer"),
        "secondMissing": ("缺少另一名领导同意", "Nobody else agreed"),
        "elsewhere": ("由该所自己处置", "Its own facility acts on it"),
        "hubFault": ("中心内部错误", "The hub failed"), "panelFault": ("面板内部错误", "The panel failed"),
        "givenUp": ("多次未送达，已放弃", "Not delivered, given up"),
        "noCertificate": ("没有证书", "No certificate"),
        "foreignCertificate": ("不是本中心签发的证书", "A certificate that is not ours"),
        "altered": ("内容被改动", "Its content was altered"),
        "badTimetable": ("作息表有错误", "The timetable has mistakes"),
        "badSound": ("不能做成语音单元", "No sound to make a unit of"),
        "noSpeech": ("没有语音合成", "No speech program here"),
        "revoked": ("证书已吊销", "Revoked certificate"), "notListed": ("不在名单内", "Not listed"),
    ]

    /// Of `intercom.close`.
    private static let talks: [String: (zh: String, en: String)] = [
        "hungUp": ("✓ 挂断", "✓ Hung up"), "answeredElsewhere": ("已有人接听", "Answered by somebody else"),
        "preempted": ("让给更紧急的呼叫", "A more urgent call took it"), "busy": ("占线", "Busy"),
        "unreachable": ("终端没有应答", "The terminal did not answer"), "refused": ("终端拒绝", "The terminal refused"),
        "lost": ("语音中断", "The voice stopped coming"), "gatewayFault": ("语音网关故障", "The gateway failed"),
    ]
}
