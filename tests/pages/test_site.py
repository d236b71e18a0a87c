"""The site that Zensical builds from docs/: its order, its links, and what it loads."""

import functools
import itertools
import re
import shutil
import subprocess
import sys
import threading
from html.parser import HTMLParser
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote, urlsplit

import chromium
import pytest
import yaml
from markdown_it import MarkdownIt
from page_blocks import PAGES, ROOT

import emoji_mock
import emoji_mock.client

DOCS = ROOT / "docs"
CONFIGURATION = ".zensical.toml"
LINKED = sorted({*PAGES, *(page for page in (ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md") if page.exists())})
TO_LOOK_AT = ("", "start/tests/", "recipes/", "recipes/budget/", "reference/catalogue/", "reference/python/client/")
SCHEMES = ("light", "dark")
COLOURS = re.compile(r"\x1b\[[0-9;]*m")


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """The site, built strictly in a folder of its own."""
    pytest.importorskip("zensical", reason="zensical comes with the extra `docs`")
    if not (ROOT / CONFIGURATION).exists():
        pytest.skip("the configuration of the site is in the checkout only")
    folder = tmp_path_factory.mktemp("site")
    shutil.copy(ROOT / CONFIGURATION, folder)
    shutil.copytree(DOCS, folder / "docs")
    for package in ("emoji_mock", "pytest_plugin"):
        (folder / package).symlink_to(ROOT / package)
    command = [sys.executable, "-m", "zensical", "build", "--strict", "--config-file", CONFIGURATION]
    built = subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8", check=False)
    if built.returncode != 0:
        pytest.fail(COLOURS.sub("", built.stdout + built.stderr.partition("Traceback")[0]), pytrace=False)
    return folder / ".site"


class Links(HTMLParser):
    """The links of a page of HTML, its anchors, and what it loads."""

    def __init__(self, text):
        super().__init__()
        self.targets, self.anchors, self.loaded = [], set(), []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        """Keep what a tag names."""
        named = dict(attrs)
        self.anchors |= {named[name] for name in ("id", "name") if named.get(name)}
        if tag == "a" and "href" in named:
            self.targets.append(named["href"])
        elif tag != "a":
            self.loaded += [named[name] for name in ("src", "href", "data") if named.get(name)]


def read_links(site):
    """Return the links of each page of the built site, by its path."""
    pages = [page for page in sorted(site.rglob("*.html")) if page.name != "404.html"]
    return {page: Links(page.read_text("utf-8")) for page in pages}


def resolve(page, link):
    """Return the file that a link leads to, and the anchor in it."""
    target = urlsplit(link)
    path = (page.parent / unquote(target.path)).resolve() if target.path else page
    return path / "index.html" if (path / "index.html").exists() else path, unquote(target.fragment)


def is_local(link):
    """Return whether a link leads to a file beside its page."""
    target = urlsplit(link)
    return not target.scheme and not target.netloc


@pytest.mark.slow
def test_the_site_builds_and_every_link_in_it_resolves(site):
    """The strict build has no warning. In the HTML, each link leads to a page and an anchor that are there."""
    pages = read_links(site)
    broken = []
    for page, links in pages.items():
        for link in filter(is_local, links.targets):
            file, anchor = resolve(page, link)
            if not file.exists() or (anchor and file in pages and anchor not in pages[file].anchors):
                broken.append(f"{page.relative_to(site)}: {link}")
    if broken:
        pytest.fail("links that lead nowhere:\n" + "\n".join(broken), pytrace=False)
    loaded = {(page.relative_to(site).as_posix(), url) for page, links in pages.items() for url in links.loaded}
    assert {(page, url) for page, url in loaded if not is_local(url) and not url.startswith("data:")} == set()


@pytest.mark.slow
@pytest.mark.asyncio
async def test_pages_fit_a_phone_are_readable_and_load_nothing_from_elsewhere(site):
    """In a browser, no page is wider than a phone or asks another host; axe-core finds no fault, light and dark."""
    handler = functools.partial(QuietHandler, directory=site)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            async with chromium.started() as browser:
                phone = await browser.new_page(viewport=chromium.PHONE)
                shown = chromium.Opened(phone, f"http://127.0.0.1:{server.server_port}")
                widths = {target: await measure(phone, f"{shown.url}/{target}") for target in TO_LOOK_AT}
                found = {scheme: await faults(browser, scheme, f"{shown.url}/start/tests/") for scheme in SCHEMES}
        finally:
            server.shutdown()
    assert {target: width for target, width in widths.items() if width > chromium.PHONE["width"]} == {}
    assert found == {"light": [], "dark": []}
    assert shown.foreign == []
    assert shown.errors == []


async def measure(page, url):
    """Open a page, and return how wide it is."""
    await page.goto(url)
    return await page.evaluate("document.documentElement.scrollWidth")


async def faults(browser, scheme, url):
    """Open a page in a colour scheme, and return what axe-core finds, except what is the theme's own."""
    page = await browser.new_page(viewport=chromium.DESKTOP, color_scheme=scheme)
    await page.goto(url)
    return [fault for fault in await chromium.violations(page) if fault[0] != "landmark-unique"]


class QuietHandler(SimpleHTTPRequestHandler):
    """Files of a folder, without a log."""

    def log_message(self, *arguments):
        """Log nothing."""


@functools.cache
def anchors_of(page):
    """Return the anchors that GitHub gives to the headings of a page."""
    tokens = MarkdownIt("commonmark").parse(page.read_text("utf-8"))
    pairs = itertools.pairwise(tokens)
    titles = [following.content for token, following in pairs if token.type == "heading_open"]
    plain = [re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", title) for title in titles]
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in plain}


def links_of(page):
    """Return the targets of the links and pictures on a page."""
    tokens = MarkdownIt("commonmark").enable("table").parse(page.read_text("utf-8"))
    inline = [child for token in tokens for child in token.children or ()]
    found = [str(child.attrs[name]) for child in inline for name in ("href", "src") if name in child.attrs]
    html = Links("".join(token.content for token in (*tokens, *inline) if token.type.startswith("html_")))
    return found + html.targets + html.loaded


def test_every_link_between_pages_resolves_on_github():
    """A link names a file that is there, and a heading of it."""
    broken = []
    for page in LINKED:
        for link in filter(is_local, links_of(page)):
            file, anchor = resolve(page, link)
            if not file.exists() or (anchor and file.suffix == ".md" and anchor not in anchors_of(file)):
                broken.append(f"{page.relative_to(ROOT).as_posix()}: {link}")
    if broken:
        pytest.fail("links that lead nowhere:\n" + "\n".join(broken), pytrace=False)


def named_in(item):
    """Yield the pages and folders that an item of the navigation names."""
    if isinstance(item, str):
        yield item
    else:
        for part in item.values() if isinstance(item, dict) else item:
            yield from named_in(part)


def test_the_navigation_names_every_page():
    """Each page of docs/ has its place in docs/.nav.yml, and each place has its page."""
    named = [DOCS / name for name in named_in(yaml.safe_load((DOCS / ".nav.yml").read_text("utf-8"))["nav"])]
    missing = [path.relative_to(DOCS).as_posix() for path in named if not path.exists()]
    pages = {page for path in named for page in (path.rglob("*.md") if path.is_dir() else [path])}
    forgotten = sorted(page.relative_to(DOCS).as_posix() for page in set(DOCS.rglob("*.md")) - pages)
    assert (missing, forgotten) == ([], [])


@pytest.mark.parametrize("section", ["recipes", "reference", "reference/catalogue", "reference/python"])
def test_the_first_page_of_a_section_lists_all_others(section):
    """A reader finds every page of a section from its first page."""
    index = DOCS / section / "index.md"
    listed = {resolve(index, link)[0] for link in filter(is_local, links_of(index))}
    others = {page for page in (DOCS / section).glob("*.md") if page != index}
    assert sorted(page.name for page in others - listed) == []


@pytest.mark.parametrize("package", [emoji_mock, emoji_mock.client], ids=lambda package: package.__name__)
def test_the_reference_describes_every_public_name(package):
    """Each name that a package exports is on a page of the Python API."""
    pages = "\n".join(page.read_text("utf-8") for page in (DOCS / "reference" / "python").glob("*.md"))
    described = set(re.findall(rf"^::: {package.__name__}\.(\w+)$", pages, re.MULTILINE))
    assert set(package.__all__) - {"__version__"} - described == set()
