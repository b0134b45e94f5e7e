"""Turns access.yaml into docs/access.md, for people: python -m tests.house.access_table. No code of ours reads either."""

from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

HERE = Path(__file__).resolve().parent
PAGE = HERE.parents[1] / "docs" / "access.md"
WORDS = {"yes": "yes", "no": "–", "hidden": "hidden", "sign_in": "sign in"}
HEAD = """# Who may open what

Written by hand in `tests/house/access.yaml` from the city's rules, and compared with every route, person and state of a filing
each time the tests run. *yes*: served. *–*: a function that this person has not (403). *hidden*: no such thing for this person
(404). *sign in*: sent to the sign-in page.

Finn filed the form at hand, Sam is Finn's supervisor, Kit is any other employee. Olu is the reviewer who has the case, Ren a
reviewer who has not, Sia a senior officer free of conflict. Ada is an auditor, Dee an administrator, Pat types in
paper forms, Rae records the meetings of the final body, Cam is one of its members. Cle is the clerk or procurement, who reads who
stays out of what.
"""


def page() -> str:
    """The whole table as Markdown."""
    told = YAML(typ="safe", pure=True).load((HERE / "access.yaml").read_text(encoding="utf-8"))
    actors: list[str] = told["actors"]
    lines = [HEAD]
    room = ""
    for endpoint, cases in told["routes"].items():
        name, _dot, view = endpoint.partition(".")
        if name != room:
            room = name
            lines += [
                "",
                f"## {room}",
                "",
                "| page or act | of what | " + " | ".join(actors) + " |",
                "|--" * (len(actors) + 2) + "|",
            ]
        for case in cases if isinstance(cases, list) else [cases]:
            lines += [_line(view, method, case, actors) for method in ("GET", "POST") if method in case]
    return "\n".join(lines) + "\n"


def _line(view: str, method: str, case: dict[str, Any], actors: list[str]) -> str:
    named = {**dict.fromkeys(actors, case[method].get("others", "")), **case[method]}
    of = ", ".join(str(value).lstrip("=").replace("_", " ") for value in (case.get("at") or {}).values())
    cells = " | ".join(WORDS.get(str(named[actor]), str(named[actor])) for actor in actors)
    return f"| {view.replace('_', ' ')} ({'read' if method == 'GET' else 'act'}) | {of} | {cells} |"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
