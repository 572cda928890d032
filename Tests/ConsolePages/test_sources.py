# SPDX-License-Identifier: Apache-2.0
"""What the files themselves promise; needs no browser."""
import re
import unittest
from pathlib import Path

from stub import PAGES


class Sources(unittest.TestCase):
    files = [one for one in PAGES.iterdir() if one.suffix in (".js", ".css", ".html", ".svg")]

    def test_files_areShort_licensed_andLoadNothingFromElsewhere(self):
        for file in self.files + list(Path(__file__).parent.glob("*.py")):
            with self.subTest(file.name):
                text = file.read_text()
                self.assertIn("SPDX-License-Identifier: Apache-2.0", "\n".join(text.splitlines()[:2]))
                self.assertLessEqual(len(text.splitlines()), 300)
                self.assertEqual([line for line in text.splitlines() if len(line) > 110], [])
                if file.suffix != ".py":
                    found = set(re.findall(r"https?://[^'\"\s)]+", text))
                    self.assertLessEqual(found, {"http://www.w3.org/2000/svg"})
                    self.assertNotRegex(text,
                        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(| style=")

    def test_words_areAllThere_inBothLanguages(self):
        words = (PAGES / "words.js").read_text()
        keys = re.findall(r"(\w+): \[", words)
        self.assertEqual(len(keys), len(set(keys)))
        used = set()
        for file in PAGES.glob("*.js"):
            used |= set(re.findall(r"\b(?:t|both|other)\('(\w+)'", file.read_text()))
        self.assertLessEqual(used, set(keys))
