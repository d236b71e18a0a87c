"""Rules that a test adds, and the answers that its code gets."""


def test_earlier_rules_come_back(project):
    """The newest rule is tried first, and when it is used up the earlier ones apply."""
    project.output_of(
        """
        def test_it(emoji_api):
            emoji_api.fails("FacePose")
            emoji_api.errors("RateQuota", times=2)
            assert [code() for _ in range(4)] == [
                "Throttling.RateQuota", "Throttling.RateQuota", "InvalidFile.FacePose", "InvalidFile.FacePose"]
            emoji_api.passes(times=1)
            assert [code(), code()] == [None, "InvalidFile.FacePose"]
        """,
        passed=1,
    )


def test_some_calls_only(project):
    """`when` selects calls by image, model or key."""
    project.output_of(
        """
        def test_it(emoji_api):
            emoji_api.when(image_url="*/blurred/*").fails("Value")
            emoji_api.when(model="emoji-detect-v1", image_url="*/m").errors("InternalError.Algo")
            emoji_api.when(key="sk-mock-else").errors("Arrearage")
            assert code("https://a.test/blurred/me.png") == "InvalidFile.Value"
            assert code("https://a.test/me.png") is None
            assert code("https://a.test/m") == "InternalError.Algo"
            assert httpx.post(VENDOR, json=payload(), headers=headers("sk-mock-else")).status_code == 400
        """,
        passed=1,
    )


def test_the_face_and_the_size(project):
    """`face` is the returned box, `image_size` the image around the boxes; an impossible box fails at once."""
    output = project.output_of(
        """
        def test_it(emoji_api):
            emoji_api.passes(face=(212, 194, 460, 441))
            assert detect().json()["output"]["bbox_face"] == [212, 194, 460, 441]
            emoji_api.passes(image_size=(400, 500))
            left, top, right, bottom = detect().json()["output"]["ext_bbox_face"]
            assert 0 <= left < right <= 400 and 0 <= top < bottom <= 500

        def test_no_such_size(emoji_api):
            emoji_api.passes(image_size=(100, 500))
        """,
        passed=1,
        failed=1,
    )
    assert "ValueError: image_size: must have sides from 400 to 7000 pixels, not [100, 500]" in output


def test_codes_are_typed_or_short(project):
    """A code is an `emoji_mock.Code`, the vendor's spelling, or its end."""
    project.output_of(
        """
        from emoji_mock import Code
        @pytest.mark.parametrize("given", [Code.FACE_POSE, "InvalidFile.FacePose", "FacePose", "facepose"])
        def test_it(emoji_api, given):
            emoji_api.fails(given)
            assert code() == "InvalidFile.FacePose"
            emoji_api.assert_called(times=1, code=given)
        """,
        passed=4,
    )


def test_an_unknown_code_fails_at_once(project):
    """An unknown code is an error with similar codes, at the line of the test."""
    output = project.output_of(
        """
        def test_it(emoji_api):
            emoji_api.fails("FacePoze")
            raise AssertionError("not reached")
        """,
        failed=1,
    )
    assert '>       emoji_api.fails("FacePoze")' in output
    assert "E       ValueError: code: unknown code 'FacePoze' for failed; did you mean FacePose" in output
    assert "test_it.py:5: ValueError" in output
    assert "api.py" not in output


def test_a_call_has_its_facts(project):
    """Image, outcome, code, status, request id, client, model, and whether it was billed."""
    project.output_of(
        """
        def test_it(emoji_api):
            emoji_api.errors("RateQuota", times=1)
            detect(), detect("https://a.test/x.png")
            first, last = emoji_api.calls
            assert (first.outcome, first.code, first.status, first.billed) == ("error", "Throttling.RateQuota", 429, False)
            assert (last.outcome, last.code, last.status, last.billed) == ("passed", "", 200, True)
            assert (last.image_url, last.client, last.model) == ("https://a.test/x.png", "app/1", "emoji-detect-v1")
            answer = detect().json()
            assert emoji_api.calls[-1].request_id == answer["request_id"]
            ledger = emoji_api.ledger
            assert (ledger.images, str(ledger.cost), str(ledger.saved), ledger.errors) == (2, "0.008", "0.008", 1)
            emoji_api.reset()
            assert emoji_api.calls == [] and emoji_api.ledger.images == 0
        """,
        passed=1,
    )


def test_unused_rules_fail_a_test_that_passed(project):
    """An unused rule fails the test, with its line; `strict=False` allows it."""
    output = project.output_of(
        """
        def test_forgets(emoji_api):
            emoji_api.when(image_url="*/x").errors("RateQuota", times=2)
            detect()

        @pytest.mark.emoji(strict=False)
        def test_may(emoji_api):
            emoji_api.fails("FacePose")

        def test_fails_anyway(emoji_api):
            emoji_api.fails("FacePose")
            assert 1 == 2

        def test_is_skipped(emoji_api):
            emoji_api.fails("FacePose")
            pytest.skip("so it is")
        """,
        passed=1,
        failed=2,
        skipped=1,
    )
    assert "1 rule of this test was never used:\n" in output
    assert "  image_url='*/x' -> error Throttling.RateQuota, used 0 of 2  (test_it.py:5)\n" in output
    assert "Remove the rules that are not needed, or allow unused ones: @pytest.mark.emoji(strict=False)." in output
    assert output.count("of this test was never used") == 2  # once more in the short summary


def test_threads_call_while_the_test_steers(project):
    """Calls of many threads are all counted while the test adds rules."""
    project.output_of(
        """
        from concurrent.futures import ThreadPoolExecutor
        def test_it(emoji_api):
            with ThreadPoolExecutor(4) as pool:
                jobs = [pool.submit(detect) for _ in range(12)]
                for _ in range(20):
                    emoji_api.passes(times=1)
                assert {job.result().status_code for job in jobs} == {200}
            while detect() and any(not one.active.used for one in emoji_api._registry.rules()):
                pass
            assert len(emoji_api.calls) == emoji_api.ledger.images >= 20
        """,
        passed=1,
    )


def test_a_working_directory_that_is_gone(project):
    """A test whose working directory was removed can steer, assert, serve and fail with the usual text."""
    output = project.output_of(
        """
        import os, pathlib
        @pytest.fixture(autouse=True)
        def gone(tmp_path, monkeypatch):
            (tmp_path / "work").mkdir()
            monkeypatch.chdir(tmp_path / "work")
            (tmp_path / "work").rmdir()
            with pytest.raises(OSError):
                os.getcwd()
        @pytest.mark.emoji(scenario="retired-model", strict=False)
        def test_steer(emoji_api, emoji_server, emoji_client):
            emoji_api.errors("RateQuota", times=1)
            emoji_api.when("*/me.png").fails("FacePose", times=1)
            detect()
            emoji_api.assert_called()
            emoji_api.verdict
            with pytest.raises(ValueError):
                emoji_api.errors("Nothing")
            with pytest.raises(AssertionError, match=r"test_it.py:15\\)"):
                emoji_api.assert_called(times=5)
            assert httpx.get(emoji_server.url + "/docs").status_code == 200
        def test_fail(emoji_api):
            emoji_api.errors("RateQuota")
        """,
        passed=1,
        failed=1,
    )
    assert "1 rule of this test was never used:" in output
