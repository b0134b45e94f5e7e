"""From a printed slip to the receipt on a phone, with nothing to declare: seconds, clicks, typed fields.

python -m bench.first_filing NUMBER CODE [--address http://localhost:8000] [--language en|es] [--pictures FOLDER]

A script types at once; what it tells is what the machine takes and how much a person has to do.
"""

import argparse
import time
from pathlib import Path

from playwright.sync_api import Locator, Page, sync_playwright

from tests.browser.conftest import chromium_of


class Hand:
    """Counts what a person would do."""

    def __init__(self, page: Page, pictures: Path | None) -> None:
        self.page, self.pictures = page, pictures
        self.clicks = self.fields = 0

    def click(self, what: Locator) -> None:
        self.clicks += 1
        what.click()
        if self.pictures is not None:
            self.page.wait_for_load_state()
            self.page.screenshot(path=str(self.pictures / f"step-{self.clicks:02}.png"), full_page=True)

    def type(self, selector: str, text: str) -> None:
        self.fields += 1
        self.page.fill(selector, text)


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("number")
    asked.add_argument("code")
    asked.add_argument("--address", default="http://localhost:8000")
    asked.add_argument("--language", choices=("en", "es"), default="es")
    asked.add_argument("--pictures", type=Path)
    told = asked.parse_args()
    with sync_playwright() as playwright:
        browser = chromium_of(playwright)
        context = browser.new_context(base_url=told.address, viewport={"width": 320, "height": 640}, locale=told.language)
        page = context.new_page()
        hand = Hand(page, told.pictures)
        began = time.perf_counter()
        page.goto("/accounts/sign-in")
        hand.click(page.locator("a[href$='/first-sign-in']").first)
        hand.type("[name=number]", told.number)
        hand.type("[name=code]", told.code)
        hand.click(page.locator("main form button[type=submit]").first)
        if page.locator("[name=passphrase]").count() == 0:
            hand.click(page.locator(f"main form button[value={told.language}]"))
        hand.type("[name=passphrase]", "three small boats 1742")
        hand.click(page.locator("main form button[type=submit]").first)
        at_home = time.perf_counter()
        hand.click(page.locator("main form button[type=submit]").first)
        hand.click(page.locator("button[value='no-to-all']").first)
        for box in page.locator("input[type=checkbox]:visible").all():
            if not box.is_checked():
                hand.click(page.locator(f"label[for='{box.get_attribute('id')}']"))
        hand.type("[name='signed_name']", "Nobody In Particular")
        hand.click(page.locator("button[value='sign']").first)
        ended = time.perf_counter()
        print(f"{page.title()}  {page.url}")
        print(f"slip to home {at_home - began:.1f} s, home to receipt {ended - at_home:.1f} s")
        print(f"{hand.clicks} clicks, {hand.fields} typed fields")
        browser.close()


if __name__ == "__main__":
    main()
