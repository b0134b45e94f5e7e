"""Turns a policy's Markdown into HTML that can do no harm: plain structure, links to web pages, no picture, script or style."""

import re
from functools import lru_cache

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

TAGS = {
    "p",
    "h2",
    "h3",
    "h4",
    "ul",
    "ol",
    "li",
    "strong",
    "em",
    "a",
    "blockquote",
    "br",
    "hr",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
}
ATTRIBUTES = {"a": {"href"}, "ol": {"start"}}


@lru_cache(maxsize=64)
def as_html(text: str) -> Markup:
    """The text as safe HTML; its headings begin below the page's own."""
    made = MarkdownIt("commonmark", {"html": False}).enable("table").render(text)
    lower = re.sub(r"<(/?)h([1-5])>", lambda found: f"<{found[1]}h{min(4, int(found[2]) + 1)}>", made)
    clean = nh3.clean(
        lower, tags=TAGS, attributes=ATTRIBUTES, url_schemes={"https", "http", "mailto", "tel"}, link_rel="noopener"
    )
    return Markup(clean)  # nosec B704  # cleaned by nh3 in the line before
