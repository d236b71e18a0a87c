"""Every block of code on README and the pages of docs/ is run or checked, or its reason not to be stands on the page."""

import shutil
from collections import Counter

import pytest
from page_blocks import PAGES, PageError, blocks_of_pages, count_blocks, name_of, read_needs
from page_session import run_page
from real_programs import find

pytestmark = [
    pytest.mark.skipif(shutil.which("bash") is None, reason="pages are sessions of bash"),
    pytest.mark.skipif(not PAGES, reason="only in a checkout: the tests also run against an installed wheel"),
]


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES, ids=[name_of(page).removesuffix(".md") for page in PAGES])
def test_the_blocks_of_a_page_run(page, tmp_path):
    """Commands print what the page shows, documents are valid, files are used."""
    text = page.read_text("utf-8")
    problem, missing = "", []
    try:
        missing = [need for need in read_needs(text) if find(need) is None]
        if not missing:
            run_page(text, tmp_path)
    except PageError as error:
        problem = f"{name_of(page)}:{error.line}: {error.problem}"
    if missing:
        pytest.skip("needs " + ", ".join(missing))
    if problem:
        pytest.fail(problem, pytrace=False)


def test_every_block_has_its_use():
    """There is a rule for each block of every page; few are not run, and none of those is in Python."""
    uses = count_blocks()
    totals = Counter(use for (_, use), count in uses.items() for _ in range(count))
    assert totals["run"] >= 80
    assert totals["written"] >= 60
    # The examples of help texts, which are generated: tests/cli/test_help.py parses each.
    examples = sum(name.endswith("reference/cli.md") and block.use == "not run" for name, block in blocks_of_pages())
    assert (totals["not run"] - examples) * 10 <= totals["run"] + totals["written"]
    assert uses["python", "not run"] == 0


def test_a_reason_not_to_run_a_block_is_a_sentence():
    """Whoever reads the source of a page learns why a block is not run."""
    reasons = [(page, block.line, block.not_run) for page, block in blocks_of_pages() if block.not_run]
    assert [one for one in reasons if len(one[2].split()) < 3] == []
