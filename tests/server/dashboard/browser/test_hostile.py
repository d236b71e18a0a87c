"""Hostile texts in every field that a caller or a page of another site can fill: all are shown, none is anything but text."""

import json
from urllib.parse import quote, urlencode

import pytest
from chromium import expect, opened
from helpers import PATH, body, call, detection, picture, upload

from emoji_mock import Rule

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.slow]

# Each would make an element <x-hostile>, an attribute that runs a script, or a link to one, wherever its context lets it out.
CORPUS = (
    '<x-hostile onclick="document.hostile=1">',
    "<script>document.hostile=1;</script><x-hostile>",
    '<img src=x onerror="document.hostile=1"><x-hostile>',
    '"><svg onload=document.hostile=1><x-hostile>',
    "'><x-hostile>",
    '" onfocus="document.hostile=1" autofocus x="',
    "' onmouseover='document.hostile=1' x='",
    "</script></style></textarea></title></template></svg></td></table><x-hostile>",
    "--><x-hostile><!--",
    "]]><x-hostile>",
    "&lt;x-hostile&gt;",
    "{{ 7 * 7 }}{% raw %}",
    "${document.hostile=1}`",
    "javascript:document.hostile=1//",
    "#call\"],[id='calls",
    "\u202egnp.elif",
    'line\r\n\r\nevent: calls\r\ndata: "<x-hostile>"\r\n\r\n',
)
FOUND = """() => {
  const all = [...document.querySelectorAll("*")];
  const links = ["href", "src", "action", "formaction", "xlink:href"];
  return {
    ran: document.hostile ?? 0,
    elements: all.filter(({ localName }) => localName === "x-hostile").length,
    handlers: all.filter(({ attributes }) => [...attributes].some(({ name }) => name.startsWith("on"))).length,
    links: all.filter((one) => links.some((name) => /^\\s*(javascript|vbscript):/i.test(one.getAttribute(name)))).length,
  };
}"""
HARMLESS = {"ran": 0, "elements": 0, "handlers": 0, "links": 0}


def attack(fake, text):
    """Put a text into each field of a call, of an upload and of a rule that takes it."""
    plain = text.encode("latin-1", "replace").decode("latin-1").replace("\r", " ").replace("\n", " ")
    with_model = {"model": text, "input": {"image_url": text}, "parameters": {"ratio": text}}
    for request in (
        call(body(text)),
        call(body(f"https://example.com/{text}.png"), user_agent=plain, x_more=plain),
        call(body(parameters={"ratio": text})),
        call(json.dumps(with_model).encode()),
        call(text.encode()),
        call(target=f"{PATH}?{quote(text)}"),
        call(target=f"/api/v1/{quote(text)}"),
        call(b"", method="GET", target=f"/api/v1/tasks/{quote(text)}"),
        detection("emo-detect-v1", text),
    ):
        fake.answer(request)
    upload(fake, picture(), name=text.replace("/", "_"))
    fake.store.add_rule(Rule(latency=0, image_url=text))


async def test_hostile_texts_are_shown_as_text(shown, open_page):
    """Whatever the callers send becomes no element, no attribute, no link, no event of the stream, and runs nothing."""
    page = await open_page()
    for text in CORPUS:
        attack(shown.fake, text)
    await expect(page.locator("#rules li")).to_have_count(len(CORPUS))
    await expect(page.locator("#rules")).to_contain_text(CORPUS[0])
    last = shown.fake.store.journal(limit=1000).entries[-1].number
    await expect(page.locator("#calls tr").first).to_have_attribute("data-number", str(last))
    assert await page.evaluate(FOUND) == HARMLESS


async def test_a_hostile_call_is_opened_as_text(shown, open_page):
    """Its request, headers and answer, too."""
    page = await open_page()
    await expect(page.locator("#calls-empty")).to_be_visible()
    attack(shown.fake, CORPUS[0])
    for entry in shown.fake.store.journal().entries:
        await page.locator(f"#calls a[data-call='{entry.number}']").click()
        await expect(page.locator("#call")).to_contain_text(str(entry.number))
        assert await page.evaluate(FOUND) == HARMLESS
        await page.keyboard.press("Escape")


async def test_hostile_texts_in_the_address_are_text(browser, shown):
    """A link that somebody else made to the page filters by its texts, and does nothing else."""
    for text in ("".join(CORPUS[:3]), "".join(CORPUS[3:7]), "".join(CORPUS[11:15])):
        query = urlencode({"account": text, "outcome": text, "text": text})
        async with opened(browser, shown.url, f"/?{query}#{quote(text)}") as page:
            await expect(page.get_by_label("Text in a call")).to_have_value(text)
            assert await page.evaluate(FOUND) == HARMLESS
