# SPDX-License-Identifier: Apache-2.0
"""What every test of the pages begins with: a Chromium, and a facility of its own.

Run here: python3 -m unittest -v

Needs Debian's chromium, chromium-driver and python3-selenium; skipped, with the reason, where they are not.
`CONSOLE_PICTURES=FOLDER` keeps the pictures.
"""
import unittest

from facility import Facility
from stub import Server

try:
    from browser import Browser
except ImportError as missing:
    Browser = None
    WHY = f"{missing}: apt install chromium chromium-driver python3-selenium"
else:
    WHY = ""


@unittest.skipIf(Browser is None, WHY)
class Pages(unittest.TestCase):
    """One browser for all; each test has a facility of its own. No page may complain about anything."""
    place = "hub"
    size = (1920, 1080)

    @classmethod
    def setUpClass(cls):
        cls.browser = Browser(*cls.size)

    @classmethod
    def tearDownClass(cls):
        cls.browser.end()

    def begin(self, user="lead", page="wall", **plan):
        self.facility = Facility(self.place, **plan)
        if user:
            self.facility.session("POST", {"name": user, "password": "watchpost"})
        self.server = Server(self.facility).begin()
        self.addCleanup(self.server.end)
        self.addCleanup(self.browser.open, "about:blank")
        self.browser.open(f"{self.server.address}#/{page}")
        return self.browser

    def tearDown(self):
        self.assertEqual(self.browser.complaints, [])
