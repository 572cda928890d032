# SPDX-License-Identifier: Apache-2.0
"""A real Chromium, driven through WebDriver. Waits are for conditions in the page, never for a time."""
import base64
import os
from pathlib import Path

from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support.wait import WebDriverWait

PATIENCE_S = 20


class Browser:
    """One window. `complaints` are what the page itself complained of: errors, and breaches of its policy."""

    def __init__(self, width=1920, height=1080, language="zh-CN", believes_all=False, speaks=False):
        """`believes_all`: also a hub whose authority nobody told this browser of; `speaks`: with a microphone
        that beeps."""
        options = webdriver.ChromeOptions()
        options.binary_location = os.environ.get("CHROMIUM", "/usr/bin/chromium")
        for argument in ["--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
                         "--disable-dev-shm-usage", "--force-color-profile=srgb", f"--lang={language}"]:
            options.add_argument(argument)
        if speaks:
            options.add_argument("--use-fake-device-for-media-stream")
            options.add_argument("--use-fake-ui-for-media-stream")
        options.accept_insecure_certs = believes_all
        options.add_experimental_option("prefs", {"intl.accept_languages": language})
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        self.driver = webdriver.Chrome(
            options=options, service=Service(os.environ.get("CHROMEDRIVER", "/usr/bin/chromedriver")))
        self.resize(width, height)

    def resize(self, width, height):
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
            "width": width, "height": height, "deviceScaleFactor": 1, "mobile": False})

    def open(self, address):
        self.driver.get(address)

    def all(self, selector):
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def see(self, selector, text=None):
        """The first element that is shown and has the text; waits for it."""
        def find(_):
            return next((one for one in self.all(selector)
                         if one.is_displayed() and (text is None or text in one.text)), None)
        return self.until(find, f"{selector} {text or ''}")

    def see_none(self, selector):
        self.until(lambda _: not any(one.is_displayed() for one in self.all(selector)), f"no {selector}")

    def until(self, condition, what):
        waiting = WebDriverWait(
            self.driver, PATIENCE_S, poll_frequency=0.05,
            ignored_exceptions=(StaleElementReferenceException,))
        return waiting.until(condition, f"not seen: {what}")

    def press(self, selector, text=None):
        self.see(selector, text).click()

    def type(self, selector, text):
        box = self.see(selector)
        box.clear()
        box.send_keys(text)

    def key(self, key):
        self.driver.find_element(By.TAG_NAME, "body").send_keys(key)

    def run(self, script, *arguments):
        return self.driver.execute_script(script, *arguments)

    def picture(self, name):
        """Kept where `CONSOLE_PICTURES` says, for people to look at; else not taken."""
        folder = os.environ.get("CONSOLE_PICTURES")
        if folder:
            Path(folder).mkdir(parents=True, exist_ok=True)
            self.driver.save_screenshot(f"{folder}/{name}.png")

    def paper(self, name):
        """The page as it would be printed, beside the pictures."""
        folder = os.environ.get("CONSOLE_PICTURES")
        if folder:
            sheet = self.driver.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True})["data"]
            Path(folder, f"{name}.pdf").write_bytes(base64.b64decode(sheet))

    @property
    def complaints(self):
        return [one["message"] for one in self.driver.get_log("browser")
                if one["level"] == "SEVERE" and "status of 4" not in one["message"]]

    def end(self):
        self.driver.quit()
