"""Every block of code on README and the pages of docs/ is run or checked, or its reason not to be stands on the page."""

import shutil

import pytest
from page_blocks import PAGES, ROOT, PageError, read_blocks, read_needs
from page_session import PageSession
from real_programs import find

pytestmark = pytest.mark.skipif(shutil.which("bash") is None, reason="pages are sessions of bash")


def name_of(page):
    """Return the path of a page in the repository."""
    return page.relative_to(ROOT).as_posix()


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES, ids=[name_of(page).removesuffix(".md") for page in PAGES])
def test_the_blocks_of_a_page_run(page, tmp_path):
    """Commands print what the page shows, documents are valid, files are used."""
    text = page.read_text("utf-8")
    missing = [need for need in read_needs(text) if find(need) is None]
    if missing:
        pytest.skip("needs " + ", ".join(missing))
    folder, work = tmp_path / "page", tmp_path / "work"
    folder.mkdir()
    work.mkdir()
    problem = ""
    try:
        blocks = read_blocks(text)
        if any(block.use != "shown" for block in blocks):
            with PageSession(text, folder, work) as session:
                session.run(blocks)
    except PageError as error:
        problem = f"{name_of(page)}:{error.line}: {error.problem}"
    if problem:
        pytest.fail(problem, pytrace=False)
