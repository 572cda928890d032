# SPDX-License-Identifier: Apache-2.0
"""The facility behind the stub: two wards, their alarms, a round, and canned reports, all in memory."""
import queue
import threading
import time

ORDER = ["officerDuress", "emergency", "cellCall", "trouble"]
PHASES = ["raised", "annunciated", "acknowledged", "attended", "cleared"]
RESULTS = {"done": {"zh": "✓ 完成", "en": "✓ Done"},
           "notAttended": {"zh": "✕ 紧急报警须民警到监室门口后才能解除。",
                           "en": "✕ An emergency is cleared only after attendance at the cell."}}
DONE = {"acknowledge": "acknowledged", "attend": "attended", "clear": "cleared", "silence": "silenced"}


class Refused(Exception):
    def __init__(self, status, code, zh, en):
        super().__init__(en)
        self.status, self.code, self.zh, self.en = status, code, zh, en


def now_ms():
    return int(time.time() * 1000)


class Facility:
    """Everything under one lock; every change goes to all followers of the stream."""

    def __init__(self, place="hub", cells=12, wards=2, titled=lambda ward, title: title):
        self.place, self.user, self.version = place, None, 0
        self.lock, self.followers = threading.RLock(), []
        self.is_frozen, self.thawed = False, threading.Event()
        self.alarms, self.rounds, self.uses, self.shelved, self.audit = {}, {}, {}, {}, []
        self.zones = [self.ward(number, cells, titled) for number in range(1, wards + 1)]

    def ward(self, number, cells, titled):
        title = f"{'一二三四五六七八九十'[number - 1]}监区"
        places = [(f"post-{number}", f"{number} 号岗", "post")] + [
            (f"cell-{number}{cell:02}", f"{number}{cell:02}", "cell") for cell in range(1, cells + 1)]
        return {"id": f"ward-{number}", "title": title, "terminals": [
            self.terminal(name, titled(title, called), role) for name, called, role in places]}

    @staticmethod
    def terminal(name, title, role):
        return {"id": name, "title": title, "role": role, "proofAgeMs": 400, "proof": "alive", "alarm": None,
                "alarmClass": None, "phase": None, "faults": [], "use": "usable"}

    # MARK: What the tests do to it

    def press(self, terminal, alarm_class="emergency", tell=True, **more):
        with self.lock:
            number = len(self.alarms) + 1
            place = self.find(terminal)
            alarm = {
                "id": f"{terminal}/alarm/{number}", "terminal": terminal, "title": place["title"],
                "zone": self.zone_of(terminal)["title"], "point": "按钮", "alarmClass": alarm_class,
                "cause": "press",
                "phase": "annunciated", "raisedAt": now_ms(), "uncertaintyMs": 20, "presses": 1,
                "escalation": 0,
                "history": False, "cellLost": False, "sounding": True, "quietForMs": None,
                "attendanceWired": False,
                "shelvedUntil": None, "deeds": [
                    {"deed": "annunciated", "afterMs": 60, "terminal": "post-1", "officer": None,
                        "ground": "automatic"}],
                "todo": {"zh": ["派人到监室门口查看。"], "en": ["Send an officer to the cell door."]}, **more}
            self.alarms[alarm["id"]] = alarm
            if tell:
                self.tell("alarm", self.shown(alarm))
            self.tick_rounds(terminal)
            return alarm["id"]

    def change(self, terminal, **values):
        with self.lock:
            place = self.find(terminal)
            place.update(values)
            self.tell("terminal", place)

    def freeze(self):
        self.is_frozen = True
        self.thawed.clear()

    def thaw(self):
        self.is_frozen = False
        self.thawed.set()

    def tell(self, kind, data):
        self.version += 1
        for one in self.followers:
            one.put((kind, data, self.version))

    def follow(self):
        with self.lock:
            mine = queue.Queue()
            mine.put(("wall", self.wall(), self.version))
            self.followers.append(mine)
            return mine

    def unfollow(self, mine):
        with self.lock:
            self.followers.remove(mine)

    # MARK: What stands

    def find(self, terminal):
        return next(one for zone in self.zones for one in zone["terminals"] if one["id"] == terminal)

    def zone_of(self, terminal):
        return next(zone for zone in self.zones if any(one["id"] == terminal for one in zone["terminals"]))

    def shown(self, alarm):
        age = now_ms() - alarm["raisedAt"]
        is_timed = PHASES.index(alarm["phase"]) < 3 and alarm["alarmClass"] != "trouble"
        return {**alarm, "ageMs": age, "clockMs": 300_000 - age if is_timed else None}

    def standing(self):
        standing = [self.shown(one) for one in self.alarms.values() if one["phase"] != "cleared"]
        return sorted(standing, key=lambda one: (ORDER.index(one["alarmClass"]), -one["ageMs"]))

    def wall(self):
        return {"version": self.version, "now": now_ms(), "zones": self.zones, "alarms": self.standing()}

    def proofs(self):
        return {one["id"]: one["proofAgeMs"] for zone in self.zones for one in zone["terminals"]
                if one["proof"] == "alive"}

    # MARK: What officers do

    def ask(self, method, parts, values, body, user):
        match parts:
            case ["session"]:
                return self.session(method, body)
            case ["wall"]:
                return self.wall()
            case ["alarms", alarm, deed] if method == "POST":
                return self.act(self.alarms[alarm], deed, user)
            case _ if method == "POST" and user is None:
                raise Refused(401, "login", "请先登录。", "Log in first.")
            case ["cells", cell, "use"]:
                return self.use(method, cell, body, user)
            case ["rounds", *rest]:
                return self.round(rest, body, user)
            case ["shelve"]:
                return self.shelve(body)
            case ["unshelve"]:
                self.shelved.pop(body["key"])
                return {"key": body["key"], "shelvedUntil": None}
            case ["flood"]:
                return self.flood()
            case ["audit"]:
                return {"entries": self.audit[::-1][:int(values.get("limit", 100))]}
            case _:
                from reports import report
                return report(self, parts, {**values, **(body or {})})

    def session(self, method, body):
        if method == "POST":
            if body.get("password") == "watchpost" or body.get("pin") == "2580":
                name = body.get("name") or body["officer"]
                role = {"lead": "supervisor", "tech": "technician", "audit": "auditor",
                    "admin": "administrator"}
                self.user = {"id": name, "name": "王强", "role": role.get(name, "officer"), "areas": ["ward-1"]}
            else:
                raise Refused(401, "login", "用户名或密码不对。", "The name or the password is wrong.")
        if method == "DELETE":
            self.user = None
        return {"user": self.user, "token": "token-1", "place": self.place, "languages": ["zh-CN", "en"],
                "terminal": "post-1" if self.place == "post" else None, "version": "stub"}

    def act(self, alarm, deed, user):
        if user is None and not (self.place == "post" and deed == "acknowledge"):
            raise Refused(401, "login", "请先登录。", "Log in first.")
        reached = PHASES.index(alarm["phase"])
        if deed == "clear" and reached < 3 and alarm["alarmClass"] in ("emergency", "officerDuress"):
            self.note(user, deed, alarm["id"], "notAttended")
            raise Refused(409, "notAttended", "紧急报警须民警到监室门口后才能解除。",
                          "An emergency is cleared only after attendance at the cell.")
        if deed == "acknowledge" and reached >= 2:
            raise Refused(409, "alreadyAcknowledged", "这条报警已有民警确认。",
                          "An officer has already acknowledged this alarm.")
        if deed in ("acknowledge", "silence"):
            alarm.update(sounding=False, quietForMs=120_000)
        if deed != "silence":
            alarm["phase"] = DONE[deed]
        if deed == "attend":
            alarm.update(sounding=False, quietForMs=None)
        alarm["deeds"].append({
            "deed": DONE[deed], "afterMs": now_ms() - alarm["raisedAt"], "terminal": "post-1",
            "officer": user and {"id": user["id"], "name": user["name"]},
            "ground": "declared" if deed == "attend" else "officer"})
        self.note(user, deed, alarm["id"], "done")
        self.tell("alarm", self.shown(alarm))
        return self.shown(alarm)

    def note(self, user, what, on, outcome):
        self.audit.append({"sequence": len(self.audit) + 1, "at": now_ms(),
            "who": user["id"] if user else "post-1",
                           "what": what, "on": on, "outcome": outcome,
                           "did": {"zh": "操作 " + what, "en": "did " + what},
                           "result": RESULTS.get(outcome, {"zh": outcome, "en": outcome}),
                           "hash": f"{len(self.audit):064x}"[::-1]})

    def use(self, method, cell, body, user):
        past = self.uses.setdefault(cell, [])
        if method == "POST":
            past.insert(0, {"at": now_ms(), "by": user, **body})
            self.change(cell, use=body["use"])
        return {"decisions": past}

    def round(self, rest, body, user):
        if not rest:
            zone = next(one for one in self.zones if one["id"] == body["zone"])
            self.rounds["round-1"] = {
                "id": "round-1", "zone": zone["title"], "startedAt": now_ms(), "endedAt": None, "by": user,
                "cells": [
                    {"terminal": one["id"], "title": one["title"], "state": "waiting", "pressedAt": None,
                        "ms": None,
                     "note": None} for one in zone["terminals"] if one["role"] == "cell"]}
            return self.rounds["round-1"]
        round_ = self.rounds[rest[0]]
        if rest[1:] == ["skip"]:
            cell = next(one for one in round_["cells"] if one["terminal"] == body["terminal"])
            cell.update(state="skipped", note=body["note"])
        if rest[1:] == ["end"]:
            round_["endedAt"] = now_ms()
        return round_

    def tick_rounds(self, terminal):
        for round_ in self.rounds.values():
            for cell in round_["cells"]:
                if cell["terminal"] == terminal and cell["state"] == "waiting":
                    cell.update(state="pressed", pressedAt=now_ms(), ms=64)

    def shelve(self, body):
        self.shelved[body["key"]] = now_ms() + body["minutes"] * 60_000
        return {}

    def flood(self):
        lines = {}
        for alarm in self.standing():
            alone = alarm["alarmClass"] in ORDER[:2]
            key = alarm["id"] if alone else f"{alarm['cause']}/{alarm['alarmClass']}/{alarm['zone']}"
            words = {"cellCall": ("报告呼叫", "Cell calls"), "trouble": ("终端失联", "Terminals lost")}
            zh, en = (alarm["title"], alarm["title"]) if alone else words[alarm["alarmClass"]]
            line = lines.setdefault(key, {
                "key": key, "zh": zh if alone else f"{alarm['zone']} {zh}", "count": 0,
                "en": en if alone else f"{alarm['zone']} {en}", "alarmClass": alarm["alarmClass"],
                "oldestAt": alarm["raisedAt"], "alarms": [], "shelvedUntil": self.shelved.get(key),
                "shelves": [key] if key in self.shelved else []})
            line["count"] += 1
            line["alarms"] = (line["alarms"] + [alarm["id"]])[:5]
        return {"lines": list(lines.values())[:15], "rate10min": len(self.alarms),
            "isFlood": len(self.alarms) > 10}
