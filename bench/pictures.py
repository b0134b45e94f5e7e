"""Takes the pictures of the README from a running demo: python -m bench.pictures [--address http://localhost:8000]."""

import argparse
import re
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from coi.demo.city import PASSPHRASE
from tests.browser.conftest import chromium_of

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "pictures"


def sign_in(page: Page, login: str) -> None:
    page.goto("/accounts/sign-in")
    page.fill("[name=login]", login)
    page.fill("[name=passphrase]", PASSPHRASE)
    page.locator("form[novalidate] button[type=submit]").click()


def take(page: Page, name: str, height: int) -> None:
    page.screenshot(
        path=str(FOLDER / f"{name}.png"), clip={"x": 0, "y": 0, "width": page.viewport_size["width"], "height": height}
    )


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--address", default="http://localhost:8000")
    told = asked.parse_args()
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = chromium_of(playwright)

        def open_page(login: str, width: int, language: str) -> Page:
            context = browser.new_context(base_url=told.address, viewport={"width": width, "height": 1000}, locale=language)
            page = context.new_page()
            sign_in(page, login)
            return page

        page = open_page("000102", 320, "es")
        page.locator("main form button, main a.usa-button").first.click()
        take(page, "form-phone-es", 1000)
        page = open_page("000011", 1280, "en")
        page.goto("/review/?whose=all&priority=now")
        page.locator(".coi-queue a").first.click()
        take(page, "case", 1000)
        page = open_page("000016", 1280, "en")
        page.get_by_role("link", name=re.compile("Campaign desk")).first.click()
        take(page, "desk", 1000)
        browser.close()


if __name__ == "__main__":
    main()
