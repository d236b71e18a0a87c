"""The fixtures in a process whose threads gevent has replaced, or eventlet."""

import pytest

CALLS = """
    import threading, requests
    PATH = VENDOR.partition(".com/api/v1")[2]
    def ask(root, json=None, **headers):
        sent = {"authorization": "Bearer sk-mock-test", **headers}
        return requests.post(root, json=json or payload(), headers=sent, timeout=30)
    def test_process(emoji_api):
        emoji_api.slow(0.01)
        assert ask(VENDOR).status_code == detect().status_code == 200
    def test_leak():
        with pytest.raises(OSError, match="past the fake"):
            ask(VENDOR)
    def test_server(emoji_server):
        emoji_server.slow(0.01)
        answers = []
        threads = [threading.Thread(target=lambda: answers.append(ask(emoji_server.base_url + PATH))) for _ in range(8)]
        for one in threads: one.start()
        for one in threads: one.join()
        assert [one.status_code for one in answers] == [200] * 8
        assert len(emoji_server.calls) == 8
    def test_pictures_and_videos(emoji_server):
        import base64, io
        from PIL import Image
        out = io.BytesIO()
        Image.new("RGB", (640, 800)).save(out, "PNG")
        held = payload("data:image/png;base64," + base64.b64encode(out.getvalue()).decode())
        boxes = ask(emoji_server.base_url + PATH, held).json()["output"]
        for driven in ("mengwa_kaixin", "mengwa_kaixin"):
            given = {"image_url": "https://example.com/me.png", "driven_id": driven}
            given |= {"face_bbox": [302, 286, 610, 593], "ext_bbox": [71, 9, 840, 778]}
            video = {"model": "emoji-v1", "input": given}
            url = emoji_server.base_url + PATH.replace("face-detect", "video-synthesis")
            task = ask(url, video, **{"x-dashscope-async": "enable"}).json()["output"]["task_id"]
            sent = {"authorization": "Bearer sk-mock-test"}
            output = requests.get(f"{emoji_server.base_url}/tasks/{task}", headers=sent, timeout=30).json()["output"]
            assert b"ftyp" in requests.get(output["video_url"], timeout=60).content[:12]
"""


@pytest.mark.slow
def test_gevent(project):
    """Under gevent everything is answered, in the process and by the server, which has threads of its own."""
    pytest.importorskip("gevent")
    project.pytester.makeconftest("from gevent import monkey; monkey.patch_all()")
    result = project.run(CALLS, process=True)
    result.assert_outcomes(passed=3, failed=1)
    assert "tried to reach dashscope.aliyuncs.com past the fake" in result.stdout.str()


@pytest.mark.slow
def test_programs_under_gevent(project):
    """The listeners for programs are served by a thread of the operating system, with TLS, and may be called, too."""
    pytest.importorskip("gevent")
    pytest.importorskip("trustme")
    project.pytester.makeconftest("from gevent import monkey; monkey.patch_all()")
    result = project.run(
        """
        import requests, subprocess, sys
        def test_it(emoji_server):
            given = {"proxies": {"https": emoji_server.proxy_url}, "verify": emoji_server.ca_bundle}
            assert requests.post(VENDOR, json=payload(), headers=headers(), **given).status_code == 200
            script = f"import urllib.request; urllib.request.urlopen({VENDOR!r}, b'')"
            ended = subprocess.run([sys.executable, "-c", script], env=emoji_server.env(), capture_output=True, text=True)
            assert "HTTP Error 401" in ended.stderr
            assert [one.host for one in emoji_server.calls] == ["dashscope.aliyuncs.com"] * 2
        """,
        process=True,
    )
    result.assert_outcomes(passed=1)


@pytest.mark.slow
def test_gevent_without_uvloop(project):
    """Without uvloop the server says at once that it cannot serve; the process is still answered."""
    pytest.importorskip("gevent")
    project.pytester.makeconftest("""
        from gevent import monkey; monkey.patch_all()
        import emoji_mock.programs.server_thread as it
        it.find_spec = lambda name: None
    """)
    result = project.run(CALLS, process=True)
    result.assert_outcomes(passed=1, failed=1, errors=2)
    assert "emoji_server needs uvloop where gevent has replaced the threads of this process" in result.stdout.str()


@pytest.mark.slow
def test_eventlet(project):
    """Under eventlet the server says at once that it cannot serve; the process is answered and guarded."""
    pytest.importorskip("eventlet")
    project.pytester.makeconftest("import trio  # does not load later\nimport eventlet; eventlet.monkey_patch()")
    result = project.run(CALLS, "-W", "ignore", process=True)
    result.assert_outcomes(passed=1, failed=1, errors=2)
    assert "emoji_server cannot be served where eventlet has replaced the threads" in result.stdout.str()
    assert "tried to reach dashscope.aliyuncs.com past the fake" in result.stdout.str()
