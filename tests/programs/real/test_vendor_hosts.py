"""Every kind of host of the vendor's, called by programs that know nothing of the fake."""

import json
import shutil
import sys

import pytest
from real_programs import run

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]  # many programs start

PATH = "/api/v1/tasks/none"
STATUSES = {
    "dashscope.aliyuncs.com": 200,
    "vpc-cn-beijing.dashscope.aliyuncs.com": 200,
    "ws-1.cn-beijing.maas.aliyuncs.com": 200,
    "new.dashscope.aliyuncs.com": 401,
    "dashscope-finance.aliyuncs.com": 401,
    "new.maas.aliyuncs.com": 401,
    "ws-1.us-east-1.maas.aliyuncs.com": 401,
}
"""The answer to a key of Beijing at each."""
SHELL = """
for url in "$@"; do curl -sS -o /dev/null -w '%{http_code} ' -H "Authorization: Bearer $DASHSCOPE_API_KEY" "$url"; done
"""
PYTHON = """
import os, sys, httpx, requests
key = {"Authorization": "Bearer " + os.environ["DASHSCOPE_API_KEY"]}
print(*[library.get(url, headers=key).status_code for library in (requests, httpx) for url in sys.argv[1:]])
"""
NODE = """
const headers = { Authorization: `Bearer ${process.env.DASHSCOPE_API_KEY}` };
for (const url of process.argv.slice(1)) console.log((await fetch(url, { headers })).status);
"""
JAVA = """
import java.net.URI;
import java.net.http.*;

public class Hosts {
    public static void main(String[] urls) throws Exception {
        var client = HttpClient.newHttpClient();
        for (var url : urls) {
            var key = "Bearer " + System.getenv("DASHSCOPE_API_KEY");
            var request = HttpRequest.newBuilder(URI.create(url)).header("Authorization", key).build();
            System.out.println(client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode());
        }
    }
}
"""
GO = """
package main

import ("fmt"; "net/http"; "os")

func main() {
    for _, url := range os.Args[1:] {
        request, _ := http.NewRequest("GET", url, nil)
        request.Header.Set("Authorization", "Bearer " + os.Getenv("DASHSCOPE_API_KEY"))
        answer, err := http.DefaultClient.Do(request)
        if err != nil { panic(err) }
        fmt.Println(answer.StatusCode)
    }
}
"""
PROGRAMS = {
    "curl": ["sh", "-c", SHELL, "sh"],
    "requests and httpx": [sys.executable, "-c", PYTHON],
    "node": ["node", "--input-type=module", "-e", NODE],
    "java": ["java", "-XX:TieredStopAtLevel=1", "Hosts.java"],
    "go": ["go", "run", "hosts.go"],
}
DRIVE = """
import json, subprocess, sys
told, urls = json.loads(sys.argv[1]), sys.argv[2:]
run = lambda call: subprocess.run([*call, *urls], capture_output=True, text=True)
print(json.dumps({name: (done := run(call)).stdout.split() or done.stderr[-900:] for name, call in told.items()}))
"""


def test_every_host_of_the_vendor_is_answered(tmp_path):
    """In TLS that the program checks: those of Beijing take the key, the others refuse it."""
    (tmp_path / "Hosts.java").write_text(JAVA)
    (tmp_path / "hosts.go").write_text(GO)
    calls = {name: call for name, call in PROGRAMS.items() if shutil.which("curl" if name == "curl" else call[0])}
    urls = [f"https://{host}{PATH}" for host in STATUSES]
    ended = run(["-c", DRIVE, json.dumps(calls), *urls], tmp_path)
    expected = {name: [*map(str, STATUSES.values())] for name in calls}
    expected["requests and httpx"] *= 2
    assert json.loads(ended.stdout) == expected, ended.stderr


def test_a_host_that_the_certificate_does_not_name_is_explained(tmp_path):
    """The program's call fails, no byte of it leaves this machine, and the end of the run says why and what to do."""
    call = "import requests; requests.get('https://dashscope-new.aliyuncs.com/')"
    ended = run(["-c", call], tmp_path)
    assert "SSLCertVerificationError" in ended.stderr
    (report,) = [line for line in ended.stderr.splitlines() if line.startswith("emoji-mock run: no TLS")]
    assert "emoji-mock's certificate does not name this host: call https://dashscope.aliyuncs.com" in report
