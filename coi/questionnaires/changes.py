"""What is different between two versions of a form, question by question, in words; and whether it is words only."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from coi.languages import LANGUAGES
from coi.policies.differences import MOST_WORDS, Piece, pieces
from coi.questionnaires.structure import KEPT
from coi.questionnaires.telling import Teller, Words
from coi.rules.form import Ask, Form, Section

# A label of a few words is read at a glance, before and after.
FEWEST_WORDS = 4
ADDED, REMOVED, CHANGED = "added", "removed", "changed"
# The keys under which only words stand; what is kept and shown but never acted on is words, too.
TEXTS = frozenset({"title", "help", "item", "reason"})


@dataclass(frozen=True)
class Point:
    """One thing that is different: what, how it was, how it is."""

    what: str
    before: str
    now: str

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """The words of both, marked; nothing where one is missing or where they are too long or too short for it to help."""
        words = len(self.before.split()), len(self.now.split())
        if min(words) < FEWEST_WORDS or sum(words) > MOST_WORDS or "\n" in self.before + self.now:
            return ()
        return tuple(pieces(self.before, self.now))


@dataclass(frozen=True)
class Change:
    """One question, section or the form itself: added, removed or changed, and in which points."""

    kind: str
    title: str
    points: tuple[Point, ...] = ()


def changes(old: Form, new: Form, language: str, *, filer: bool = False, words: Words | None = None) -> list[Change]:
    """Everything that is different, in the order of the new form; `filer` leaves out what no filer may or need see."""
    return list(_Compare(Teller.of(old, language, words), Teller.of(new, language, words), filer).run())


class _Compare:
    def __init__(self, old: Teller, new: Teller, filer: bool) -> None:
        self.old, self.new, self.filer = old, new, filer

    def run(self) -> Iterator[Change]:
        points = self._points(self.old.head(), self.new.head())
        if not self.filer:
            points += self._kept()
        if points:
            yield Change(CHANGED, _("The form itself"), tuple(points))
        yield from self._sections()
        for section in self.new.form.sections:
            for ask in section.questions:
                yield from self._question(ask, section)
        for name, ask in self.old.form.by_id.items():
            if name not in self.new.form.by_id and not self._hidden(ask):
                yield Change(REMOVED, self.old.words(ask.title))

    def _hidden(self, ask: Ask) -> bool:
        return self.filer and ask.of_reviewer

    def _points(self, before: Sequence[tuple[str, str]], now: Sequence[tuple[str, str]]) -> list[Point]:
        was = dict(before)
        found = [Point(what, was.pop(what, ""), told) for what, told in now if was.get(what, "") != told]
        kept = {what for what, _told in now}
        return found + [Point(what, told, "") for what, told in was.items() if told and what not in kept]

    def _kept(self) -> list[Point]:
        """What is shown to nobody but counts, or is only kept: named, not spelled out."""
        before, now = self.old.form.content["form"], self.new.form.content["form"]
        names = [*KEPT, "visibility", "retention_years", "events", "filer_attributes"]
        return [
            Point(name, _short(before.get(name)), _short(now.get(name))) for name in names if before.get(name) != now.get(name)
        ]

    def _sections(self) -> Iterator[Change]:
        before = {section.id: section for section in self.old.form.sections}
        for section in self.new.form.sections:
            was = before.pop(section.id, None)
            if was is None:
                yield Change(ADDED, _("Section: %(title)s", title=self.new.words(section.title)))
                continue
            points = self._points(_of_section(self.old, was), _of_section(self.new, section))
            points += [] if self.filer else self._other_words(was, section)
            if self._order(was) != self._order(section):
                points.append(Point(_("The order of the questions"), "", _("changed")))
            if points:
                yield Change(CHANGED, _("Section: %(title)s", title=self.new.words(section.title)), tuple(points))
        for section in before.values():
            yield Change(REMOVED, _("Section: %(title)s", title=self.old.words(section.title)))

    def _order(self, section: Section) -> list[str]:
        both = self.old.form.by_id.keys() & self.new.form.by_id.keys()
        there = [form.section_of for form in (self.old.form, self.new.form)]
        stayed = {name for name in both if there[0][name].id == there[1][name].id}
        return [ask.id for ask in section.questions if ask.id in stayed and not self._hidden(ask)]

    def _question(self, ask: Ask, section: Section) -> Iterator[Change]:
        if self._hidden(ask):
            return
        was = self.old.form.by_id.get(ask.id)
        if was is None or self._hidden(was):
            yield Change(ADDED, self.new.words(ask.title), self._said(ask))
            return
        points = self._asked(self.old, was, self.new, ask)
        home = self.old.form.section_of[ask.id]
        if home.id != section.id:
            points.append(Point(_("Section"), self.old.words(home.title), self.new.words(section.title)))
        if points:
            yield Change(CHANGED, self.new.words(ask.title), tuple(points))
        yield from self._fields(was, ask)

    def _said(self, ask: Ask) -> tuple[Point, ...]:
        return tuple(Point(what, "", told) for what, told in self.new.facts(ask, not self.filer) if told)

    def _fields(self, was: Ask, ask: Ask, around: str = "") -> Iterator[Change]:
        if was.entries is None or ask.entries is None:
            return
        old, new = _Compare(self.old.inside(was), self.new.inside(ask), self.filer), around or self.new.words(ask.title)
        before = {one.id: one for one in was.entries.fields}
        for one in ask.entries.fields:
            known, title = before.pop(one.id, None), f"{new} › {self.new.words(one.title)}"
            if known is None:
                yield Change(ADDED, title, old._said(one))
                continue
            points = old._asked(old.old, known, old.new, one)
            if points:
                yield Change(CHANGED, title, tuple(points))
            yield from old._fields(known, one, title)
        for one in before.values():
            yield Change(REMOVED, f"{new} › {self.old.words(one.title)}")

    def _asked(self, old: Teller, was: Ask, new: Teller, ask: Ask) -> list[Point]:
        title = [(_("Question"), old.words(was.title))], [(_("Question"), new.words(ask.title))]
        points = self._points(*title) + self._points(old.facts(was, not self.filer), new.facts(ask, not self.filer))
        return points + ([] if self.filer else self._other_words(was, ask))

    def _other_words(self, was: Ask | Section, now: Ask | Section) -> list[Point]:
        """What changed in the other language, for the office."""
        points = []
        for language in LANGUAGES:
            if language == self.new.language:
                continue
            for name in ("title", "help"):
                before, after = _in(getattr(was, name), language), _in(getattr(now, name), language)
                if before != after:
                    points.append(Point(LANGUAGES[language], before, after))
        return points


def _in(words: Any, language: str) -> str:
    return str(words.get(language, "")) if isinstance(words, Mapping) else str(words) if language == "en" else ""


def _of_section(teller: Teller, section: Section) -> list[tuple[str, str]]:
    return [
        (_("Title"), teller.words(section.title)),
        (_("Help"), teller.words(section.help)),
        (_("Asked when"), teller.when(section.show_if)),
    ]


def _short(value: Any) -> str:
    if value is None:
        return ""
    told = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return told if len(told) <= 200 else told[:199] + "…"


def beyond_words(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """The places at which more than words differ; empty when only the wording changed."""
    return list(_differ(_bare(old), _bare(new), ""))


def _bare(content: Mapping[str, Any]) -> dict[str, Any]:
    """A form without its words: what must be the same when only the wording changes."""
    head = {key: value for key, value in content["form"].items() if key not in (*KEPT, "title", "version")}
    kept = {key: value for key, value in content.items() if key not in ("form", "labels", "sections")}
    return {"form": head, **kept, "sections": [_without_words(section) for section in content["sections"]]}


def _without_words(node: Any) -> Any:
    if isinstance(node, Mapping):
        return {key: _without_words(value) for key, value in node.items() if key not in TEXTS}
    return [_without_words(value) for value in node] if isinstance(node, list) else node


def _differ(old: Any, new: Any, path: str) -> Iterator[str]:
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in dict.fromkeys([*old, *new]):
            here = f"{path}.{key}" if path else str(key)
            if key not in old or key not in new:
                yield here
            else:
                yield from _differ(old[key], new[key], here)
    elif isinstance(old, list) and isinstance(new, list) and _named(old) and _named(new):
        was, now = ({one["id"]: one for one in rows} for rows in (old, new))
        if list(was) != list(now):
            yield path
        for name in was.keys() & now.keys():
            yield from _differ(was[name], now[name], f"{path}.{name}")
    elif old != new or isinstance(old, bool) is not isinstance(new, bool):
        yield path


def _named(rows: list[Any]) -> bool:
    return bool(rows) and all(isinstance(one, Mapping) and "id" in one for one in rows)
