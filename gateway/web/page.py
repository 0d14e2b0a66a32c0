"""The pages people read: /web/ and /docs. Plain HTML, nothing loaded from elsewhere."""

from collections.abc import Iterable
from html import escape
from typing import Final

from gateway.operations import Operation
from gateway.wire import ENV_NAME
from tasks.task import Task

_STYLE: Final = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem;
  color: #1c1e21; background: #fff; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.2rem; margin-top: 2rem; }
pre { background: #f4f5f7; padding: 1rem; overflow-x: auto; border-radius: 6px; font-size: 14px; }
code { font-family: ui-monospace, monospace; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .4rem .6rem; border-bottom: 1px solid #dde0e4;
  vertical-align: top; }
@media (prefers-color-scheme: dark) {
  body { color: #e4e6eb; background: #18191a; } pre { background: #242526; }
  th, td { border-color: #3a3b3c; } a { color: #8ab4f8; } }
"""

_QUICK_START: Final = """\
URL={url}

# begin an episode; without a session id, the steps below go on with it
curl -s $URL/reset -H 'Content-Type: application/json' -d '{{"task_id": "{task_id}"}}'

# look at the code, run the public tests
curl -s $URL/step -H 'Content-Type: application/json' \\
  -d '{{"action": {{"action_type": "analyze_code"}}}}'
curl -s $URL/step -H 'Content-Type: application/json' \\
  -d '{{"action": {{"action_type": "run_tests"}}}}'

# replace the code, hand it in
curl -s $URL/step -H 'Content-Type: application/json' \\
  -d '{{"action": {{"action_type": "edit_code", "code": "..."}}}}'
curl -s $URL/step -H 'Content-Type: application/json' \\
  -d '{{"action": {{"action_type": "submit_solution"}}}}'

# several episodes at once: name the session that /reset answered
curl -s "$URL/step?session_id=$SESSION" -H 'Content-Type: application/json' \\
  -d '{{"action": {{"action_type": "run_tests"}}}}'
"""


def front_page(tasks: Iterable[Task], *, url: str) -> str:
    """Return the page at /web/: the tasks, a quick start with curl, and links.

    Args:
        tasks: In the order to list them.
        url: Where the visitor reached this server, for the commands.
    """
    listed = list(tasks)
    rows = "".join(
        f'<tr><td><a href="../tasks/{escape(task.id)}"><code>{escape(task.id)}</code></a></td>'
        f"<td>{escape(task.title)}</td><td>{escape(task.kind.value)}</td>"
        f"<td>{escape(task.difficulty.value)}</td></tr>"
        for task in listed
    )
    quick_start = _QUICK_START.format(url=url, task_id=listed[0].id if listed else "")
    return _page(
        ENV_NAME,
        "<p>An agent is given broken or slow Python code, looks at it, changes it, runs the public "
        "tests and hands it in. Hidden tests decide, in a sandbox. Speaks the OpenEnv protocol: "
        "sockets at <code>/ws</code>, HTTP as below.</p>"
        "<h2>Tasks</h2><table><tr><th>id</th><th>title</th><th>kind</th><th>difficulty</th></tr>"
        f"{rows}</table>"
        f"<h2>Quick start</h2><pre><code>{escape(quick_start)}</code></pre>"
        "<h2>Links</h2><ul>"
        '<li><a href="../docs">API reference</a>, <a href="../openapi.json">OpenAPI</a>, '
        '<a href="../schema">schemas of actions and observations</a></li>'
        '<li><a href="../tasks">tasks as JSON</a>, <a href="../metadata">metadata</a></li>'
        '<li><a href="../readyz">readiness and isolation layers</a>, '
        '<a href="../health">health</a></li></ul>',
    )


def docs_page(operations: Iterable[Operation]) -> str:
    """Return the page at /docs: every operation with what it takes and answers."""
    rows = "".join(
        f"<tr><td><code>{operation.method.upper()} {escape(operation.path)}</code></td>"
        f"<td>{escape(operation.summary)}</td><td>{_kind(operation.body)}</td>"
        f"<td>{_kind(operation.answer)}</td></tr>"
        for operation in operations
    )
    return _page(
        f"{ENV_NAME}: API",
        '<p>The whole document is at <a href="openapi.json">openapi.json</a>; schemas of actions, '
        'observations and states at <a href="schema">schema</a>. Sockets: <code>/ws</code> '
        "(<code>?session_id=</code> resumes), <code>/mcp</code>.</p>"
        "<table><tr><th>operation</th><th>what it does</th><th>takes</th><th>answers</th></tr>"
        f"{rows}</table>",
    )


def _kind(kind: type[object] | None) -> str:
    return "" if kind is None else f"<code>{escape(kind.__name__)}</code>"


def _page(title: str, body: str) -> str:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head>"
        f"<body><h1>{escape(title)}</h1>{body}</body></html>"
    )
