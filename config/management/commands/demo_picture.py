"""`manage.py demo_picture FILE`: takes the README's picture, a month explained, from the demo that is running."""

from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from playwright.sync_api import FloatRect, Page, sync_playwright

from config.demo import people

CHROMIUM: Final = "/usr/bin/chromium"
WIDTH: Final = 1040
MARGIN: Final = 10
TOLD: Final = "How the figure is computed"


class Command(BaseCommand):
    """Take a picture; it needs what the tests need, and Debian's chromium."""

    help = "Take the README's picture from the demo that is running."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file to write."""
        parser.add_argument("file", type=Path)

    def handle(self, *_args: Any, **options: Any) -> None:
        """Sign in as Acme's person, open the oldest closed month, and keep it down to its explanation."""
        with sync_playwright() as play:
            chromium = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
            page = chromium.new_page(base_url=settings.MAKEGOOD_URL, viewport={"width": WIDTH, "height": 800})
            _sign_in(page)
            page.get_by_role("row").filter(has_text="Closed").last.get_by_role("link").first.click()
            page.screenshot(path=options["file"], full_page=True, clip=_down_to(page, TOLD))
            chromium.close()
        self.stdout.write(f"{options['file']}: {options['file'].stat().st_size:,} bytes")


def _sign_in(page: Page) -> None:
    page.goto("/accounts/login/")
    page.locator("input[name=login]").fill(people.ACME.email)
    page.locator("input[name=password]").fill(people.PASSWORD)
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url("**/a/**")


def _down_to(page: Page, heading: str) -> FloatRect:
    """Give the part of the page that ends with the section of a heading."""
    box = page.get_by_role("heading", name=heading).locator("..").bounding_box()
    assert box is not None  # noqa: S101 — the section is shown
    return {"x": 0, "y": 0, "width": WIDTH, "height": box["y"] + box["height"] + MARGIN}
