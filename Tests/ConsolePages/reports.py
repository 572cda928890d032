# SPDX-License-Identifier: Apache-2.0
"""Canned reports of one month, always the same, so that a page can be held against them."""
from facility import Refused, now_ms

DAY_MS = 86_400_000


def report(facility, parts, values):
    match parts:
        case ["statistics"]:
            return statistics(values["month"])
        case ["duty"]:
            return duty(values["month"])
        case ["duty", "acts"]:
            return acts(values.get("officer"))
        case ["report"]:
            month = values["month"]
            return {"month": month, "statistics": statistics(month), "duty": duty(month)}
        case ["certificate"]:
            return {"month": values["month"], "half": int(values["half"]), "terminals": [
                {"terminal": one["id"], "title": one["title"], "zone": zone["title"], "faults": index % 3,
                 "availability": 0.9999 - index * 0.001,
                 "longestFaultMs": 42_000 * index if index % 3 else None,
                 "buttonTestAt": None if index == 4 else now_ms() - DAY_MS, "passed": index != 4}
                for zone in facility.zones for index, one in enumerate(zone["terminals"])]}
        case ["terminals"]:
            return {"terminals": [
                {**one, "zone": zone["title"], "version": "0.3.0", "behind": index * 7,
                    "clockUncertaintyMs": None if index == 2 else 12,
                 "certificateUntil": now_ms() + 60 * DAY_MS}
                for zone in facility.zones for index, one in enumerate(zone["terminals"])]}
        case ["terminals", _, "code"]:
            return {"code": "4821-7730", "expiresAt": now_ms() + 900_000}
        case ["terminals", _, "revoke"]:
            return {}
        case ["alarms"]:
            return {"alarms": [facility.shown(one) for one in reversed(facility.alarms.values())
                               if values.get("class", one["alarmClass"]) == one["alarmClass"]], "next": None}
        case ["alarms", alarm]:
            return {"alarm": facility.shown(facility.alarms[alarm]),
                "entries": entries(facility.alarms[alarm])}
        case ["calls"]:
            return {"calls": [call(facility)] if "alarm" not in values else [], "next": None}
        case ["day"]:
            return day(facility, values.get("day"))
        case ["day", "preview"]:
            return {"zone": values["zone"], "name": "看守所作息", "days": [
                {"day": f"2026-11-{23 + ahead}", "kind": "工作日" if ahead < 5 else "周末", "units": [
                    {"at": at, "title": title, "unit": unit, "seconds": 40, "isLacking": unit == "news"}
                    for at, title, unit in UNITS]} for ahead in range(7)]}
        case ["timetable"]:
            return {"name": "看守所作息", "version": 7, "yaml": "timetable: 看守所作息\n"}
        case ["timetable", "check"]:
            wrong = "mistake" in values["text"]
            return {"isGood": not wrong, "findings": [
                {"line": 2, "isMistake": True, "zh": "timetable:2：错误：未知键。", "en": "timetable:2: mistake."}
            ] if wrong else [], "days": [] if wrong else [
                {"day": "2026-11-23", "kind": "工作日", "units": [
                    {"at": "06:30", "title": "起床", "unit": "wake-up", "seconds": 40, "isLacking": False}]}]}
        case ["clips"]:
            return {"version": 4, "speaks": True, "lacks": ["news"], "units": [
                {"name": "wake-up", "sha256": "ab" * 32, "ms": 41_000}], "terminals": [
                {"id": "cell-101", "at": now_ms(), "version": 4, "units": 1, "bytes": 9, "missing": 0},
                {"id": "cell-102", "at": now_ms(), "version": 3, "units": 0, "bytes": 0, "missing": 1}]}
        case ["clips", _]:
            return {}
        case ["users"]:
            return {"users": [{"id": "lead", "name": "王强", "role": "supervisor",
                "areas": ["ward-1", "ward-2"]}]}
        case ["webhooks"]:
            return {"webhooks": []}
    raise Refused(404, "notFound", "没有这个。", "There is no such thing.")


UNITS = [("06:30", "起床", "wake-up"), ("08:00", "点名", "roll-call"), ("11:30", "午饭", "meal"),
         ("19:00", "新闻", "news"), ("21:30", "就寝", "lights-out")]


def day(facility, name):
    """Cell 101 did not hear the roll-call, 102 was too quiet; the news was skipped everywhere."""
    def states(place):
        second = ["notHeard", "tooQuiet"][place] if place < 2 else "heard"
        return ["heard", second, "played", "skipped", "planned"]

    def notes(place):
        skipped = {"unit": 3, "why": {"zh": "本机没有该音频或音频有误", "en": "its clip is missing here"},
                   "beganAt": None, "levelDb": None}
        heard = {"unit": 1, "why": None, "beganAt": now_ms(), "levelDb": [-31.5, -10.2, 0.4][min(place, 2)]}
        return [heard, skipped]

    return {"day": name or "2026-11-23", "strips": [
        {"zone": zone["id"], "title": zone["title"], "kind": "工作日", "units": [
            {"title": title, "at": at, "start": now_ms(), "end": now_ms(), "unit": unit}
            for at, title, unit in UNITS],
         "terminals": [{"id": one["id"], "title": one["title"], "states": states(place),
                        "notes": notes(place)} for place, one in enumerate(zone["terminals"][1:4])]}
        for zone in facility.zones]}


def entries(alarm):
    words = {"annunciated": ("岗位鸣响", "Sounding at the post"), "acknowledged": ("民警确认", "Acknowledged"),
             "attended": ("民警到场（口头，未证实）", "Attended (declared, unproven)"),
             "cleared": ("解除", "Cleared"), "silenced": ("静音", "Silenced")}
    first = {"at": alarm["raisedAt"], "uncertaintyMs": 20,
        "text": {"zh": "监室按下报警按钮", "en": "Button pressed in the cell"}}
    return [first] + [
        {"at": alarm["raisedAt"] + one["afterMs"], "uncertaintyMs": 20,
         "text": dict(zip(("zh", "en"), words[one["deed"]]))} for one in alarm["deeds"]]


def statistics(month):
    days = [{"day": f"{month}-{day:02}", "alarms": 2 + day * 7 % 9, "p50Ms": 60_000 + day * 37 % 50 * 1_000,
             "p95Ms": 160_000 + day * 53 % 90 * 2_000, "within300s": 0.98} for day in range(1, 29)]
    return {"month": month, "alarms": sum(day["alarms"] for day in days), "attended": 158, "p50Ms": 83_400,
            "p95Ms": 247_900, "within300s": 0.9873, "byDay": days, "byClass": [
                {"alarmClass": "emergency", "alarms": 61, "attended": 61, "p50Ms": 64_000, "p95Ms": 201_000,
                 "within300s": 1},
                {"alarmClass": "cellCall", "alarms": 99, "attended": 97, "p50Ms": 97_000, "p95Ms": 288_000,
                 "within300s": 0.9794}]}


def duty(month):
    def row(n):
        return {"acknowledged": n, "attended": n - 1, "cleared": n - 1, "medianAcknowledgeMs": 8_200 + n,
                "medianAttendMs": 74_000 + n * 100}
    return {"officers": [
        {"officer": number, "name": name, "month": row(count),
         "days": [{"day": f"{month}-{day:02}", **row(1 + (day + count) % 5)} for day in range(1, 22)]}
        for number, name, count in [("11024", "王强", 61), ("11031", "李敏", 54), ("11007", "陈建国", 47)]]}


def acts(officer):
    said = [("11024", "王强", "alarm.clear", "解除报警：103", "Clear: 103", "notAttended",
             "✕ 紧急报警须民警到监室门口后才能解除。", "✕ An emergency is cleared only after attendance at the cell."),
            ("post-1", "1 号岗", "alarm.acknowledge", "确认报警：103", "Acknowledge: 103", "done", "✓ 完成", "✓ Done"),
            ("11024", "王强", "session.begin", "登录", "Log in", "done", "✓ 完成", "✓ Done")]
    return {"next": None, "acts": [
        {"id": f"post-1/duty/{9 - number}", "at": now_ms() - number * 60_000, "uncertaintyMs": 5,
         "terminal": "post-1", "title": "1 号岗", "who": who, "name": name, "what": what, "on": "",
         "outcome": outcome, "did": {"zh": zh, "en": en}, "result": {"zh": zh_result, "en": en_result}}
        for number, (who, name, what, zh, en, outcome, zh_result, en_result) in enumerate(said)
        if officer in (None, who)]}


def call(facility):
    """One that was answered, recorded and brought up."""
    return {
        "id": "cell-101/call/0000000000000007/1", "at": now_ms() - 60_000, "uncertaintyMs": 5,
        "terminal": "cell-101", "title": "101", "zone": "一监区", "party": "1 号岗", "ms": 42_300,
        "urgency": "emergency", "mode": "talk", "alarm": None, "officer": {"id": "P1042", "name": "张建国"},
        "second": None, "reason": "", "ending": "farHungUp", "unrecorded": None, "recordings": [{
            "id": "ab" * 32, "name": "cell-101~0000000000000007~1", "terminal": "cell-101", "title": "101",
            "ms": 42_100, "bytes": 251_000, "cut": False, "stored": True, "removed": False,
            "quality": {"received": 2_100, "loss": 4, "jitter": 0.6, "delay": 31.2, "echo": 38.1}}]}
