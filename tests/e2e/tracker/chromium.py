"""A real Chromium without a window, as a visitor would use it."""

import shutil
from pathlib import Path
from typing import NamedTuple

from selenium.webdriver import Chrome, ChromeOptions, ChromeService

# A headless Chromium says so in its user agent, and is no visitor then.
USER_AGENT = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36"

_MISSING = (
    "The browser tests need Chromium and ChromeDriver: install Debian's packages chromium and chromium-driver "
    "(apt-get install --no-install-recommends chromium chromium-driver)."
)
_ARGUMENTS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=1280,800",
    "--lang=en-GB",
)


class ChromiumMissingError(Exception):
    """Raised when this machine has no Chromium, or nothing to drive it."""


class Programs(NamedTuple):
    """Where the browser is, and its driver."""

    chromium: str
    driver: str


def installed() -> Programs:
    """Return the programs.

    Raises
    ------
    ChromiumMissingError
        When one is missing; the message names the packages.
    """
    chromium, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if chromium is None or driver is None:
        raise ChromiumMissingError(_MISSING)
    return Programs(chromium, driver)


def start_chromium(profile: Path) -> Chrome:
    """Start a browser whose profile is an empty folder."""
    programs = installed()
    options = ChromeOptions()
    options.binary_location = programs.chromium
    for argument in (*_ARGUMENTS, f"--user-agent={USER_AGENT}", f"--user-data-dir={profile}"):
        options.add_argument(argument)
    return Chrome(options=options, service=ChromeService(programs.driver))
