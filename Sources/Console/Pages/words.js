// SPDX-License-Identifier: Apache-2.0

// Every word of the pages, once, in both languages: key: [中文, English]. `{n}` is filled in.

const words = {
    // The frame
    watchpost: ['值守岗', 'Watchpost'], menu: ['菜单', 'Menu'], close: ['关闭', 'Close'], back: ['返回', 'Back'],
    wall: ['实况', 'Live wall'], flood: ['归并', 'Grouped'], past: ['报警记录', 'Alarm record'],
    rounds: ['按钮轮测', 'Button round'], duty: ['值勤记录', 'Duty record'], statistics: ['报警统计', 'Statistics'],
    certificate: ['设备证书', 'Equipment'], devices: ['设备状态', 'Devices'], audit: ['审计', 'Audit'],
    people: ['用户', 'Users'], otherLanguage: ['English', '中文'], logIn: ['登录', 'Log in'],
    logOut: ['退出', 'Log out'],
    post: ['岗位', 'Post'], hub: ['指挥中心', 'Command room'], print: ['打印', 'Print'], save: ['下载 CSV', 'Save CSV'],
    more: ['更多', 'More'], nothing: ['没有记录', 'Nothing here'], loading: ['正在读取…', 'Loading…'],
    unreachable: ['没有连上，操作没有完成。请再按一次。', 'Not reached: nothing was done. Press again.'],
    refused: ['没有完成（{code}）。', 'Not done ({code}).'],
    stale: ['画面已停 {n} 秒', 'Stale for {n} s'],
    staleHint: ['以下不是现在的情况，请看现场。', 'What you see below is old. Look for yourself.'],
    streamWell: ['实时', 'Live'], streamBegins: ['正在连接', 'Connecting'],
    soundOff: ['声音未开，按此打开', 'Sound is off: press to switch on'], soundOn: ['声音已开', 'Sound on'],
    newAlarm: ['{class}，{title}', '{class}, {title}'],
    // Classes, phases, deeds
    officerDuress: ['民警胁迫', 'Officer duress'], emergency: ['紧急报警', 'Emergency'],
    cellCall: ['报告呼叫', 'Cell call'], trouble: ['设备故障', 'Trouble'],
    raised: ['触发', 'Raised'], annunciated: ['鸣响', 'Heard'], acknowledged: ['确认', 'Acknowledged'],
    attended: ['到场', 'Attended'], cleared: ['解除', 'Cleared'], silenced: ['静音', 'Silenced'],
    spoken: ['通话', 'Spoken'],
    acknowledge: ['确认', 'Acknowledge'], attend: ['到场', 'Attend'], clear: ['解除', 'Clear'],
    silence: ['静音', 'Silence'],
    acknowledgeNote: ['我知道了', 'I have it'], attendNote: ['民警在门口', 'Officer at the door'],
    attendWired: ['按门口开关', 'Use the door switch'], clearNote: ['处置完毕', 'It is over'],
    silenceNote: ['最长两分钟', 'Two minutes at most'],
    officer: ['民警', 'officer'], line: ['按键或开关', 'key or switch'], declared: ['口头，未证实', 'declared, unproven'],
    automatic: ['自动', 'automatic'], speech: ['通话', 'speech'], folded: ['并入', 'folded in'],
    // The alarm card
    allQuiet: ['没有报警', 'No alarm'], quietHint: ['一切正常', 'All is quiet'], waiting: ['{n} 条报警', 'alarms: {n}'],
    arriveIn: ['到场剩余', 'To arrive'], over: ['已超时', 'Over by'], arrivedIn: ['到场用时', 'Arrived in'],
    ago: ['{n}前', '{n} ago'], presses: ['按了 {n} 次', 'pressed × {n}'], level: ['已升级 {n} 级', 'escalated {n}'],
    history: ['历史', 'History'], cellLost: ['监室失联', 'Cell lost'], quietFor: ['静音 {n}', 'Quiet {n}'],
    shelved: ['已搁置', 'Shelved'], todo: ['现在做', 'Do now'], timeline: ['经过', 'Timeline'],
    andMore: ['还有 {n} 条，按此归并', '{n} more: group them'], toWall: ['按此处置', 'Press to answer'],
    decide: ['请决定：能否使用', 'Decide: usable?'],
    // Talking
    talk: ['通话', 'Talk'], talkOpen: ['主动通话', 'Open the intercom'], talkEnd: ['挂断', 'Hang up'],
    talkMute: ['静音麦克风', 'Mute'], talkUnmute: ['取消静音', 'Unmute'], talkCalling: ['正在接通', 'Calling'],
    talkTalking: ['通话中，麦克风已开', 'Talking, microphone open'],
    talkListening: ['正在监听', 'Listening in'],
    talkDelay: ['延迟 {n} 毫秒', '{n} ms delay'], talkOver: ['通话结束', 'The talk is over'],
    talkLost: ['通话中断，请重拨', 'The talk was cut off: call again'],
    talkHint: ['对方会听到提示音并看到灯亮。通话被录音，理由记入审计。',
        'They hear a tone and see a lamp. It is recorded, and the reason goes into the audit.'],
    talkListen: ['监听', 'Listen in'],
    talkListenHint: ['须由另一名值班领导同意并输入本人密码。', 'Another supervisor must agree, with their own password.'],
    talkSecond: ['同意人用户名', 'Supervisor who agrees'],
    talkNoVoice: ['此浏览器不能通话，请到岗位通话。', 'This browser cannot talk; talk from a post.'],
    talkNoMicrophone: ['没有麦克风，或浏览器未获许可。', 'There is no microphone, or the browser may not use it.'],
    // The record of calls
    calls: ['通话', 'Calls'], callWith: ['对方', 'With'], callLength: ['时长', 'Length'],
    callQuality: ['音质', 'Quality'], callLoss: ['丢失 {n} %', '{n} % lost'], recording: ['录音', 'Recording'],
    recordedAt: ['录于', 'Recorded at'], recordingWaits: ['待上传', 'On its way'],
    recordingGone: ['已从终端清除，未上传', 'Taken from the terminal, never sent'],
    recordingCut: ['中断', 'cut off'], notRecorded: ['未录音', 'Not recorded'],
    hearingNoted: ['收听会记入审计。', 'Hearing it is written into the audit.'],
    saveRecording: ['下载录音', 'Save recording'], saveSeal: ['下载封印', 'Save seal'],
    call_routine: ['民警通话', 'Between officers'], call_opening: ['主动通话', 'Opened by an officer'],
    call_cellCall: ['报告呼叫', 'Cell call'], call_emergency: ['紧急报警', 'Emergency'],
    call_duress: ['民警胁迫', 'Officer duress'],
    callEnd_hungUp: ['挂断', 'Hung up'], callEnd_farHungUp: ['对方挂断', 'The other end hung up'],
    callEnd_answeredElsewhere: ['他处接听', 'Answered elsewhere'],
    callEnd_preempted: ['被更急的通话取代', 'Pre-empted'],
    callEnd_busy: ['忙', 'Busy'], callEnd_refused: ['被拒', 'Refused'],
    callEnd_unreachable: ['未接通', 'Not reached'],
    callEnd_farLost: ['对方失联', 'The other end was lost'],
    callEnd_soundFailed: ['声音故障', 'Sound failed'],
    callEnd_notAnswered: ['无人接听', 'Nobody answered'],
    callEnd_withdrawn: ['报警已处置', 'Withdrawn with its alarm'],
    callEnd_notRecorded: ['无法记录，未打开', 'Not recorded, so not opened'],
    reasonWelfare: ['询问身体情况', 'Asking how they are'], reasonNoise: ['听到异常响动', 'Strange noise'],
    reasonAsked: ['应其要求', 'They asked for it'],
    button: ['按钮', 'Button'],
    // Terminals
    alive: ['正常', 'Alive'], late: ['迟', 'Late'], lost: ['失联', 'Lost'], never: ['未见', 'Never'],
    usable: ['可用', 'Usable'], doubtful: ['待定', 'In doubt'], notUsable: ['停用', 'Not usable'],
    lastProof: ['最近证明', 'Last proof'], faults: ['故障', 'Faults'], noFaults: ['没有故障', 'No faults'],
    use: ['使用决定', 'Decision of use'], reason: ['理由', 'Reason'], sign: ['签署', 'Sign'], cell: ['监室', 'Cell'],
    reasonBroken: ['报警按钮故障', 'Alarm button broken'], reasonLost: ['终端失联', 'Terminal lost'],
    reasonMended: ['已修复并试按', 'Mended and tested'], reasonMoved: ['人员已转出', 'People moved out'],
    reasonNeeded: ['请写理由。', 'A reason is needed.'], chooseNeeded: ['请先选择。', 'Choose first.'],
    allZones: ['全部', 'All'], alarmsInZone: ['报警 {n}', 'alarms {n}'], lostInZone: ['失联 {n}', 'lost {n}'],
    // Flood
    isFlood: ['报警潮', 'Alarm flood'], rate: ['十分钟内 {n} 条', '{n} in ten minutes'], count: ['{n} 条', '{n}'],
    oldest: ['最早 {n}', 'oldest {n}'], shelve: ['搁置', 'Shelve'], unshelve: ['取消搁置', 'Put back'],
    shelvedUntil: ['搁置至 {n}', 'Shelved until {n}'],
    shelveHow: ['搁置多久', 'For how long'], minutes: ['{n} 分钟', '{n} min'], hours: ['{n} 小时', '{n} h'],
    shelveHint: ['到时自动恢复。紧急和胁迫报警不能搁置。',
        'It comes back by itself. Emergencies and duress cannot be shelved.'],
    reasonRepair: ['正在维修', 'Being repaired'], reasonKnown: ['已知，已派人', 'Known, someone is sent'],
    reasonPower: ['停电', 'Power failure'],
    // The round
    roundBegin: ['开始轮测', 'Begin a round'], roundWhich: ['选择监区', 'Choose the ward'],
    roundHint: ['逐间按一次报警按钮。真报警照常响。', 'Press each alarm button once. Real alarms still ring.'],
    roundNext: ['下一间', 'Next'], roundDone: ['{n} / {all} 已按', '{n} of {all} pressed'],
    roundEnd: ['结束轮测', 'End the round'],
    roundEnded: ['轮测已结束', 'Round ended'], roundSheet: ['报告', 'Report'], pressed: ['已按', 'Pressed'],
    skipped: ['跳过', 'Skipped'], skip: ['跳过', 'Skip'], waitingFor: ['待按', 'Waiting'], by: ['执行', 'By'],
    started: ['开始', 'Started'], ended: ['结束', 'Ended'], note: ['备注', 'Note'], reaction: ['用时', 'Time'],
    reasonOccupied: ['不便打扰', 'Not to be disturbed'], reasonLocked: ['无法进入', 'No access'],
    signature: ['签名', 'Signature'], allPressed: ['全部按过', 'All pressed'],
    // The day and its voice units
    dayPlan: ['一日', 'The day'], dayPreview: ['七日预览', 'Seven days'], dayUnit: ['项目', 'Unit'],
    dayNothing: ['没有安排', 'Nothing is planned'],
    play_planned: ['未到时间', 'planned'], play_untold: ['无记录', 'not told'],
    play_playing: ['正在播放', 'playing'], play_played: ['已播放', 'played'], play_heard: ['已听到', 'heard'],
    play_notHeard: ['未听到', 'not heard'], play_tooQuiet: ['声音过小', 'too quiet'],
    play_interrupted: ['被打断', 'interrupted'], play_cut: ['被截断', 'cut'], play_skipped: ['未播放', 'skipped'],
    playBegan: ['开始', 'Began'], playLevel: ['比校准', 'Against calibrated'],
    timetable: ['作息表', 'Timetable'], timetableCheck: ['检查并预览', 'Check and preview'],
    timetableGood: ['没有错误，将如下播放：', 'No mistakes; it will play:'],
    timetableBad: ['有错误，不能下发', 'There are mistakes: it cannot be published'],
    timetablePublish: ['签名并下发', 'Sign and publish'], timetablePublished: ['已下发，版本', 'Published, version'],
    clips: ['语音单元', 'Voice units'], clip: ['语音', 'Clip'], clipUnits: ['已有', 'In the library'],
    clipHolders: ['各终端', 'At the terminals'], clipHeld: ['已有', 'Holds'], clipMissing: ['缺', 'Missing'],
    clipLacking: ['作息表需要，库中没有', 'Planned, not in the library'],
    clipFile: ['录音文件（WAV、FLAC、Ogg）', 'A recording (WAV, FLAC, Ogg)'],
    clipSay: ['或朗读这句话', 'Or say this line'],
    clipNoSpeech: ['本机没有语音合成', 'No speech program here'],
    // Reports
    report: ['月报', 'Monthly report'], saveAlarms: ['报警 CSV', 'Alarms CSV'], saveDuty: ['值勤 CSV', 'Duty CSV'],
    nobody: ['未登录', 'Not signed in'], acts: ['岗位操作', 'At the posts'], saveActs: ['岗位操作 CSV', 'Posts CSV'],
    madeAt: ['制表 {n}', 'Made {n}'],
    supervisorSigns: ['值班领导签名', 'Supervisor'], dutySigns: ['制表人签名', 'Made by'],
    month: ['月', 'Month'], day: ['日', 'Day'], monthBefore: ['上月', 'Month before'],
    monthAfter: ['下月', 'Month after'],
    name: ['姓名', 'Name'], medianAcknowledge: ['确认中位', 'Median ack'], medianAttend: ['到场中位', 'Median arrival'],
    alarms: ['报警', 'Alarms'], p50: ['中位到场', 'Median arrival'], p95: ['95% 到场', '95 % arrive in'],
    within: ['五分钟内到场', 'Within five minutes'], limit: ['五分钟', 'Five minutes'], perDay: ['每日', 'Per day'],
    byClass: ['分类', 'By class'], arrivals: ['到场用时（每日）', 'Arrival times by day'], half: ['{n} 期', 'Part {n}'],
    firstHalf: ['月中', 'Mid-month'], secondHalf: ['月末', 'Month end'], availability: ['可用率', 'Availability'],
    longest: ['最长故障', 'Longest fault'], buttonTest: ['按钮测试', 'Button test'], passed: ['合格', 'Passed'],
    failed: ['不合格', 'Failed'], untested: ['未测', 'Untested'], terminal: ['终端', 'Terminal'],
    zone: ['监区', 'Ward'],
    // Devices, audit, record, users
    version: ['版本', 'Version'], behind: ['待传', 'To send'], until: ['证书至', 'Certificate until'],
    clockError: ['时钟误差', 'Clock ±'], clockUnset: ['时钟未校', 'Clock not set'],
    joinCode: ['接入码', 'Join code'], revoke: ['吊销', 'Revoke'],
    codeHint: ['一次有效，至 {n}', 'Works once, until {n}'], revokeSure: ['吊销后该终端不能再上传。报警照常。',
        'It can no longer send to the hub. Its alarms go on.'],
    at: ['时间', 'When'], who: ['谁', 'Who'], what: ['做了什么', 'What'], on: ['对象', 'On'],
    outcome: ['结果', 'Outcome'],
    hash: ['校验', 'Hash'], class: ['类别', 'Class'], phase: ['状态', 'State'], older: ['更早', 'Older'],
    uncertain: ['± {n}', '± {n}'], role: ['角色', 'Role'], areas: ['管辖', 'Areas'], add: ['添加', 'Add'],
    remove: ['删除', 'Remove'],
    address: ['地址', 'Address'], webhooks: ['外发', 'Webhooks'],
    secret: ['签名密钥（只显示一次）', 'Signing secret (shown once)'], supervisor: ['值班领导', 'Supervisor'],
    technician: ['技术员', 'Technician'], auditor: ['审计员', 'Auditor'], administrator: ['管理员', 'Administrator'],
    // Logging in
    userName: ['用户名', 'User name'], password: ['密码', 'Password'], code: ['动态码', 'Code'],
    codeIfAny: ['动态码（如有）', 'Code, if any'],
    officerNumber: ['警号', 'Officer number'], pin: ['口令', 'PIN'], deleteDigit: ['退格', 'Delete'],
    loginWhy: ['此操作要登录', 'This needs a login'], ackFree: ['确认不需登录', 'Acknowledging needs no login'],
};

let chosen = remembered() ?? (navigator.language?.startsWith('zh') === false ? 'en' : 'zh');

function remembered() {
    try {
        return ['zh', 'en'].find((name) => name === localStorage.getItem('language'));
    } catch { return undefined; }
}

export function language() { return chosen; }

export function chooseLanguage(name) {
    chosen = name;
    document.documentElement.lang = name === 'zh' ? 'zh-CN' : 'en';
    try {
        localStorage.setItem('language', name);
    } catch { /* Remembered for as long as the page is open. */ }
}

export function t(key, values = {}, inLanguage = chosen) {
    const [zh, en] = words[key] ?? [key, key];
    return (inLanguage === 'zh' ? zh : en).replace(/\{(\w+)\}/g, (_, name) => values[name] ?? '–');
}

/** The reader's language first, the other one after it: for what nobody may misread. */
export function both(key, values) {
    return `${t(key, values)} · ${t(key, values, chosen === 'zh' ? 'en' : 'zh')}`;
}

export function other(key, values) { return t(key, values, chosen === 'zh' ? 'en' : 'zh'); }

/** Of {zh, en} as the API sends it. */
export function said(texts) { return texts?.[chosen] ?? texts?.en ?? texts?.zh ?? ''; }
