# SPDX-License-Identifier: Apache-2.0
"""The panel of a post: a touch screen, and nobody has to log in to acknowledge."""
from pages import Pages


# What would have to be scrolled to before it can be pressed.
OUTSIDE = """return [...document.querySelectorAll(arguments[0])].filter((one) => {
    const box = one.getBoundingClientRect();
    return box.top < 0 || box.bottom > innerHeight || box.right > innerWidth;
}).map((one) => `${one.className} ${one.textContent}`)"""


class Post(Pages):
    place = "post"
    size = (1024, 600)

    def test_post_acknowledgesWithoutLogin_andAsksForTheRest(self):
        page = self.begin(user=None)
        page.see(".tile")
        self.facility.press("cell-103")
        page.press(".deed.acknowledge")
        page.see(".card[data-phase=acknowledged]")
        page.picture("post-zh")
        page.press(".deed.attend")
        page.see("dialog .keys")
        page.picture("pin-zh")
        self.assertEqual(page.run(OUTSIDE, "dialog .primary, dialog .key, dialog input, dialog .cross"), [])
        for digit in "11024":
            page.press("dialog .key", digit)
        page.press("dialog .key", "⇥")
        for digit in "2580":
            page.press("dialog .key", digit)
        page.press("dialog .primary")
        page.see(".card[data-phase=attended] .steps", "王强")
        page.see("#bar .person", "王强")

    def test_targets_areLarge_onATouchPanel(self):
        page = self.begin(user=None)
        self.facility.press("cell-103")
        self.facility.press("cell-204", "cellCall")
        page.see(".queue .alarm")
        small = page.run("""return [...document.querySelectorAll('button, a.tool')]
            .filter((one) => one.offsetParent && one.getBoundingClientRect().height < 55.9)
            .map((one) => one.className)""")
        self.assertEqual(small, [])
        outside = page.run("return document.documentElement.scrollWidth > innerWidth")
        self.assertFalse(outside)
        self.assertEqual(page.run(OUTSIDE, ".deed, #bar button"), [])

    def test_names_areReadWhole_onTiles_whenEveryOneBeginsWithItsWard(self):
        page = self.begin(user=None, titled=lambda ward, title: f"{ward}{title}室")
        page.see(".tile[data-terminal=cell-101]", "101室")
        cut = """return [...document.querySelectorAll('.tile strong')]
            .filter((one) => one.scrollWidth > one.clientWidth + 1).map((one) => one.textContent)"""
        self.assertEqual(page.run(cut), [])
        self.facility.press("cell-103")
        page.see(".card h2", "103室")
        page.see(".tile[data-terminal=cell-103] .shape")
        self.assertEqual(page.run(cut), [])
        page.see(".card .where", "一监区")
        page.picture("post-long-zh")
