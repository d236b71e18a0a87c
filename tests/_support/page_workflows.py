"""The steps of workflows on pages, as scripts for bash."""

import shlex

from page_blocks import PageError
from page_documents import kind_of_yaml, load_yaml


def read_steps(block):
    """Return the jobs of a workflow of GitHub or GitLab by name, each as a script; none of other YAML."""
    document = load_yaml(block.text)
    match kind_of_yaml(block, document):
        case "github-workflows":
            scripts = [(name, _github_job(block, document, job)) for name, job in document["jobs"].items()]
        case "gitlab-ci":
            jobs = [(name, job) for name, job in document.items() if isinstance(job, dict) and "script" in job]
            scripts = [(name, _gitlab_job(document, job)) for name, job in jobs]
        case _:
            return []
    return [(name, script) for name, script in scripts if script]


def _exports(*variables):
    merged = {name: value for some in variables for name, value in (some or {}).items()}
    return "".join(f"export {name}={shlex.quote(str(value))}\n" for name, value in merged.items())


def _services(services):
    """Return the commands that start services which are the fake, and their names as hosts."""
    commands, hosts = "", []
    for service in services:
        image = service if isinstance(service, str) else service.get("name") or service.get("image", "")
        if "emoji-mock" not in image:
            continue
        words = [] if isinstance(service, str) else service.get("command") or []
        words = shlex.split(words) if isinstance(words, str) else words
        options = [word for word in words if word not in ("emoji-mock", "serve", "--host", "0.0.0.0")]
        commands += " ".join(["emoji-mock serve", *map(shlex.quote, options), "&\n"])
        alias = service.get("alias") if isinstance(service, dict) else None
        hosts.append(alias or image.rpartition("/")[2].partition(":")[0])
    return commands, hosts


def _script(begin, services, steps):
    commands, hosts = _services(services)
    text = f"{commands}( set -e\n{begin}{steps}\n)"
    for host in hosts:
        text = text.replace(f"//{host}:", "//127.0.0.1:")
    return text


def _github_job(block, document, job):
    steps = ""
    for step in job.get("steps", ()):
        if "run" not in step:
            continue
        if "${{" in step["run"]:
            raise PageError(block.line, "a step with an expression in `run`; put it into `env`")
        folder = step.get("working-directory", ".")
        steps += f"( cd {shlex.quote(folder)}\n{_exports(step.get('env'))}{step['run']}\n)\n"
    services = (job.get("services") or {}).items()
    named = [service if isinstance(service, str) else {"alias": name, **service} for name, service in services]
    return _script(_exports(document.get("env"), job.get("env")), named, steps) if steps else ""


def _gitlab_job(document, job):
    lines = []
    for name in ("before_script", "script"):
        part = job.get(name, document.get(name, []))
        lines += [part] if isinstance(part, str) else part
    services = [*document.get("services", []), *job.get("services", [])]
    return _script(_exports(document.get("variables"), job.get("variables")), services, "\n".join(lines))
