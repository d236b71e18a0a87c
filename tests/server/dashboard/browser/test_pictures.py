"""Pictures in a real Chromium: the form that tries one, the gallery, uploads, and videos that play."""

import re

import pytest
from chromium import expect
from helpers import body, call, picture, video

from emoji_mock import Clock, Rule

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.slow]

FILE = {"name": "mé <b>1.png", "mimeType": "image/png", "buffer": picture()}
LOADED = "image => fetch(image.href.baseVal).then(answer => answer.status)"
DROP = """(form, bytes) => {
  const transfer = new DataTransfer();
  transfer.items.add(new File([new Uint8Array(bytes)], "me.png", { type: "image/png" }));
  form.dispatchEvent(new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer: transfer }));
}"""


async def try_it(page, how):
    """Try a picture by the form, and return where its answer is shown."""
    await page.get_by_label("A picture: choose one, or drop it here").set_input_files(FILE)
    await page.locator("#try-how").select_option(how)
    await page.get_by_role("button", name="Try it").click()
    await expect(page.locator("#tried .outcome")).to_be_visible()
    return page.locator("#tried")


@pytest.mark.parametrize(
    ("how", "endpoints"),
    [("upload", ["uploads", "storage", "face_detect"]), ("data", ["face_detect"])],
)
async def test_a_picture_is_tried_by_the_vendors_routes(shown, open_page, how, endpoints):
    """By the account that the form names; the answer comes with the picture and both boxes over it."""
    page = await open_page()
    tried = await try_it(page, how)
    await expect(tried.locator(".outcome")).to_have_text("passed")
    entries = shown.fake.store.journal().entries
    assert [(entry.endpoint, entry.namespace) for entry in entries] == [(name, "page") for name in endpoints]
    await expect(tried.locator("rect.box")).to_have_count(2)
    assert await tried.locator("image").evaluate(LOADED) == 200
    await expect(page.locator("#gallery rect.box")).to_have_count(2)


async def test_a_picture_that_is_dropped_is_tried(open_page):
    """Without a press of the button."""
    page = await open_page()
    await page.locator("form.try").evaluate(DROP, list(FILE["buffer"]))
    await expect(page.locator("#tried .outcome")).to_have_text("passed")


async def test_a_refused_try_says_why(shown, open_page):
    """Whether a rule refuses the picture, or the account may not even upload; a lost answer is a problem."""
    page = await open_page()
    shown.fake.store.add_rule(Rule(outcome="failed", code="FacePose", endpoint="face_detect"))
    await expect((await try_it(page, "data")).locator("code").first).to_have_text("InvalidFile.FacePose")
    await page.locator("#try-key").fill("sk-mock-arrears")
    await expect((await try_it(page, "upload")).locator("code").first).to_have_text("Arrearage")
    shown.fake.store.add_rule(Rule(fault="reset"))
    await page.get_by_role("button", name="Try it").click()
    await expect(page.locator("#problem")).not_to_be_empty()
    await expect(page.get_by_role("button", name="Try it")).to_be_enabled()


async def test_what_was_chosen_stays_while_the_page_changes(shown, open_page):
    """Calls of others neither empty the form nor remove the answer."""
    page = await open_page()
    await page.locator("#try-key").fill("sk-mock-me")
    await try_it(page, "upload")
    shown.fake.answer(call(body("https://emoji-mock.test/failed/FacePose.png")))
    await expect(page.locator("#gallery .outcome")).to_have_text(["failed", "passed"])
    await expect(page.locator("#try-key")).to_have_value("sk-mock-me")
    await expect(page.locator("#tried .outcome")).to_have_text("passed")


async def test_the_gallery_marks_stand_ins(shown, open_page):
    """A picture that is not held is drawn, and said to be."""
    page = await open_page()
    shown.fake.answer(call(body("https://emoji-mock.test/passed/640x800.png")))
    card = page.locator("#gallery .card")
    await expect(card.locator(".stand-in")).to_have_text("Drawn stand-in: the picture is not held")
    await expect(card.get_by_role("img")).to_have_accessible_name(re.compile("^Stand-in for the picture of call "))


async def test_an_upload_is_shown_by_its_name(open_page):
    """Its name is text, whatever it holds."""
    page = await open_page()
    await try_it(page, "upload")
    card = page.locator("#uploads .card")
    await expect(card).to_contain_text("mé <b>1.png")
    image = card.get_by_role("img")
    await image.scroll_into_view_if_needed()
    await page.wait_for_function("image => image.complete && image.naturalWidth", arg=await image.element_handle())


async def test_a_task_goes_on_until_its_video_plays(shown, open_page):
    """Its bar of progress gives way to the video, which goes on playing while the page changes."""
    clock, usual = Clock(), shown.fake.clock
    shown.fake.clock = clock
    try:
        page = await open_page()
        shown.fake.answer(video())
        await expect(page.locator("#tasks progress")).to_be_visible()
        clock.advance(600)
        player = page.locator("#tasks video")
        await expect(player).to_be_visible()
        await player.evaluate("async video => { video.muted = true; await video.play(); }")
        shown.fake.answer(video())
        await expect(page.locator("#tasks .card")).to_have_count(2)
        over = "video => video.ended && video.currentTime > 0 && video.videoWidth === 512"
        await page.wait_for_function(over, arg=await player.element_handle())
    finally:
        shown.fake.clock = usual
