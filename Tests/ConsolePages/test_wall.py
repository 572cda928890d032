# SPDX-License-Identifier: Apache-2.0
"""The command room: log in, see, answer, decide, and what is shown when things go wrong."""
from facility import now_ms
from pages import Pages


class CommandRoom(Pages):
    def test_login_saysWhyNot_andThenShowsTheWall(self):
        page = self.begin(user=None)
        page.see("form.login")
        page.picture("login")
        page.type("input[name=name]", "lead")
        page.type("input[name=password]", "wrong")
        page.press("form.login .primary")
        page.see(".refusal", "用户名或密码不对")
        page.type("input[name=password]", "watchpost")
        page.press("form.login .primary")
        page.see(".tile[data-terminal=cell-101]", "101")
        page.see(".allquiet", "没有报警")
        page.see("#bar .person", "王强")

    def test_alarm_isAcknowledgedAttendedCleared_andRefusedInBetween(self):
        page = self.begin()
        page.see(".allquiet")
        self.facility.press("cell-103", presses=3)
        page.see(".card[data-class=emergency] h2", "103")
        page.see(".tile[data-terminal=cell-103][data-alarm=emergency]")
        page.see(".five .figure", "4:")
        page.picture("alarm-zh")
        page.press(".deed.clear")
        page.see(".card .refusal", "须民警到监室门口")
        page.press(".deed.acknowledge")
        page.see(".card[data-phase=acknowledged] .deed.attend[data-next]")
        page.see(".card .badges", "静音")
        page.press("button.language")
        page.see(".card .where", "pressed × 3")
        page.press(".deed.clear")
        page.see(".card .refusal", "only after attendance")
        page.picture("refused-en")
        page.press(".deed.attend")
        page.see(".card[data-phase=attended] .steps", "declared, unproven")
        page.press("button.timeline")
        page.see(".card .entries", "Button pressed in the cell")
        page.press(".deed.clear")
        page.see(".card[data-phase=cleared]")
        page.see(".allquiet", "No alarm")
        page.press("button.language")

    def test_keys_workLikeTheButtons_whenNothingIsTyped(self):
        page = self.begin()
        page.see(".allquiet")
        self.facility.press("cell-204")
        page.see(".card")
        page.key("1")
        page.see(".card[data-phase=acknowledged]")
        page.key("3")
        page.see(".card .refusal")

    def test_button_survivesNews_whileAFingerIsOnIt(self):
        page = self.begin()
        alarm = self.facility.press("cell-103")
        page.see(".card")
        page.run("window.kept = document.querySelector('.deed.acknowledge')")
        with self.facility.lock:
            self.facility.alarms[alarm]["presses"] = 7
            self.facility.tell("alarm", self.facility.shown(self.facility.alarms[alarm]))
        page.see(".card .where", "7")
        self.assertTrue(page.run("return window.kept.isConnected"))

    def test_strip_survivesNews_whileAFingerIsOnIt(self):
        page = self.begin()
        self.facility.press("cell-103")
        self.facility.press("cell-104", "cellCall")
        page.see(".queue .alarm", "104")
        page.run("""window.taken = 0;
            const strip = document.querySelector('.queue .alarm');
            new MutationObserver((changes) => {
                window.taken += changes.filter((one) => [...one.removedNodes].includes(strip)).length;
            }).observe(strip.parentNode, { childList: true });""")
        self.facility.press("cell-204")
        self.facility.press("cell-205", "trouble")
        page.see(".queue .alarm", "205")
        self.assertEqual(page.run("return window.taken"), 0)

    def test_language_isRemembered_afterReload(self):
        page = self.begin()
        page.press("button.language", "English")
        page.see(".allquiet", "No alarm")
        page.driver.refresh()
        page.see(".allquiet", "No alarm")
        self.assertEqual(page.run("return document.documentElement.lang"), "en")
        page.press("button.language", "中文")
        page.see(".allquiet", "没有报警")

    def test_card_keepsTheEmergency_whenACallComesLater(self):
        page = self.begin()
        self.facility.press("cell-103")
        page.see(".card h2", "103")
        page.press(".deed.acknowledge")
        page.see(".card[data-phase=acknowledged]")
        self.facility.press("cell-204", "cellCall")
        page.see(".queue .alarm[data-waits]", "204")
        page.see(".card h2", "103")
        self.facility.press("post-2", "officerDuress")
        page.see(".queue .alarm[data-waits]", "2 号岗")
        page.press(".queue .alarm", "2 号岗")
        page.see(".card[data-class=officerDuress]")
        page.picture("duress-zh")

    def test_alarm_isShown_aboveOtherPagesAndDialogs(self):
        page = self.begin(page="statistics")
        page.see(".plot")
        page.press("button.menu")
        page.see("dialog nav.menu")
        self.facility.press("cell-205")
        page.press("dialog #strip", "205")
        page.see(".card h2", "205")

    def test_sound_saysItIsOff_untilSomebodyTouches(self):
        page = self.begin()
        page.see("button.sound", "声音未开")
        page.press("button.sound")
        page.see("button.sound[data-on]", "声音已开")

    def test_stream_saysItStands_andHeals(self):
        page = self.begin()
        page.see(".tile")
        self.facility.freeze()
        page.see("#stale", "画面已停 1")
        page.see("#stale", "Stale for")
        page.see_none(".allquiet")
        page.picture("stale-zh")
        self.facility.press("cell-108")
        self.facility.thaw()
        page.see(".card h2", "108")
        page.see_none("#stale")

    def test_cell_isDecidedUpon_whenInDoubt(self):
        page = self.begin()
        page.see(".tile")
        self.facility.change("cell-106", proof="lost", proofAgeMs=74_000, use="doubtful", faults=[
            {"cause": "peerLost", "zh": "终端失联", "en": "terminal lost", "sinceAt": now_ms() - 74_000}])
        page.see(".tile[data-terminal=cell-106][data-proof=lost]", "74秒")
        page.press(".decision", "106")
        page.press("dialog .primary")
        page.see("dialog .refusal", "请先选择")
        page.press("dialog [data-value=notUsable]")
        page.press("dialog .primary")
        page.see("dialog .refusal", "请写理由")
        page.press("dialog .reason .choices button", "终端失联")
        page.picture("cell-zh")
        page.press("dialog .primary")
        page.see(".tile[data-terminal=cell-106][data-use=notUsable]", "停用")
        page.see_none(".decision")
        self.assertEqual(self.facility.uses["cell-106"][0]["reason"], "终端失联")

    def test_flood_isGrouped_andShelvedWithAReason(self):
        page = self.begin()
        page.see(".tile")
        for ward in (1, 2):
            for cell in range(1, 13):
                self.facility.press(f"cell-{ward}{cell:02}", "trouble" if cell % 2 else "cellCall")
        self.facility.press("cell-205")
        page.press(".queue .more")
        first = page.see(".line")
        self.assertEqual(first.get_attribute("data-class"), "emergency")
        self.assertEqual(len(first.find_elements("css selector", "button")), 0)
        page.picture("flood-zh")
        page.press(".line .tool", "搁置")
        page.press("dialog [data-value='60']")
        page.press("dialog .primary")
        page.see("dialog .refusal", "请写理由")
        page.press("dialog .reason .choices button", "停电")
        page.press("dialog .primary")
        page.see(".line[data-shelved]", "搁置至")
        self.assertEqual(len(self.facility.shelved), 1)
        page.picture("flood-shelved-zh")
        page.press(".line[data-shelved] .tool", "取消搁置")
        page.see_none(".line[data-shelved]")
        self.assertEqual(self.facility.shelved, {})

    def test_round_guidesFromCellToCell_andPrints(self):
        page = self.begin(page="rounds")
        page.press("button.choice", "一监区")
        page.see(".next", "101")
        self.facility.press("cell-101", "trouble")
        page.see(".next", "102")
        page.see(".tile[data-terminal=cell-101][data-round=pressed]")
        page.press(".next .tool", "跳过")
        page.press("dialog .reason .choices button", "无法进入")
        page.press("dialog .primary")
        page.see(".next", "103")
        page.picture("round-zh")
        page.press(".heading .tool", "结束轮测")
        page.see(".next", "轮测已结束")
        page.open(f"{self.server.address}round.html?id=round-1")
        page.see("tbody tr", "无法进入")
        page.picture("round-sheet-zh")

    def test_storm_isShownWhole_withFiveHundredTerminals(self):
        page = self.begin(cells=49, wards=10)
        page.see(".tile")
        for ward in range(1, 11):
            for cell in range(1, 50):
                self.facility.press(f"cell-{ward}{cell:02}", "emergency" if cell == 25 else "cellCall")
        page.until(lambda _: len(page.all(".tile[data-alarm]")) == 490, "490 alarms on the wall")
        page.see(".queue .more", "还有")
        page.see(".card[data-class=emergency]")
        page.picture("storm-zh")

    def test_press_isOnTheCard_asTheFigureSays(self):
        page = self.begin()
        page.see(".allquiet")
        page.run("""window.seen = new Promise((resolve) => {
            new MutationObserver(() => { if (document.querySelector('.card')) resolve(Date.now()); })
                .observe(document.getElementById('main'), { childList: true, subtree: true }); })""")
        alarm = self.facility.press("cell-103")
        seen = page.driver.execute_async_script("window.seen.then(arguments[0])")
        print(f"press → card: {seen - self.facility.alarms[alarm]['raisedAt']} ms")
