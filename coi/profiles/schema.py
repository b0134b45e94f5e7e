"""The shape of a profile: every key a city may set, typed; refuses every other key; answers what the rooms ask of it."""

from collections.abc import Mapping
from datetime import date, timedelta
from fnmatch import fnmatchcase
from functools import cached_property
from typing import Annotated, Any, Literal

from flask_babel import get_locale
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PlainSerializer, PlainValidator, model_validator

from coi.rules.conditions import holds
from coi.vocabulary import Kind, Level, Outcome

Condition = dict[str, Any]
MonthDay = Annotated[str, Field(pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$")]
OUTCOMES = frozenset(Outcome)
KINDS = frozenset(Kind)


def _in_english(words: dict[str, str]) -> dict[str, str]:
    if not words.get("en", "").strip():
        raise ValueError("needs at least English words (en)")
    if set(words) - {"en", "es"}:
        raise ValueError("knows the languages en and es")
    return words


Words = Annotated[dict[str, str], AfterValidator(_in_english)]
Line = Annotated[str, Field(min_length=1, max_length=300)]
Because = Line | Annotated[dict[str, Line], AfterValidator(_in_english)]


class Spoken:
    """Words that say themselves in the reader's language wherever they are shown; written plain, or as {en, es}."""

    def __init__(self, told: Any) -> None:
        self.words: dict[str, str] = _in_english(dict(told) if isinstance(told, Mapping) else {"en": str(told)})

    def __str__(self) -> str:
        locale = get_locale()
        return self.words.get(locale.language if locale is not None else "en") or self.words["en"]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Spoken) and self.words == other.words

    def __hash__(self) -> int:
        return hash(tuple(sorted(self.words.items())))


SpokenWords = Annotated[
    Spoken,
    PlainValidator(lambda told: told if isinstance(told, Spoken) else Spoken(told)),
    PlainSerializer(lambda told: told.words),
]


class Part(BaseModel):
    """Any piece of a profile: frozen, and strict about its keys."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Contact(Part):
    """Who to call: on every page and letter (U15)."""

    name: SpokenWords
    phone: str = Field(min_length=1)
    email: str = Field(min_length=3)
    hours: SpokenWords


class City(Part):
    """The city itself."""

    name: str = Field(min_length=1)
    short: str = Field(min_length=1)
    time_zone: str
    languages: list[Literal["en", "es"]] = ["en", "es"]
    colours: dict[Literal["primary", "accent"], Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$")]] = {}
    address: str = ""
    contact: Contact
    holidays: list[date] = []


class Attribute(Part):
    """How one attribute of a filer follows from the roster; `from_` may name several columns, first that has a value wins."""

    from_: str = Field(alias="from")
    map: dict[str, str | list[str]]
    asked: bool = False

    def of(self, known: Mapping[str, Any]) -> str | list[str]:
        """The code for what the roster says; blank when no line fits. A line may end or begin with `*`; case is ignored."""
        for source in self.from_.split("|"):
            told = str(known.get(source.strip()) or "").casefold()
            for pattern, code in self.map.items():
                if told and fnmatchcase(told, pattern.casefold()):
                    return code
        return ""


class FormUse(Part):
    """Which form is asked for which kinds, and of whom."""

    form: str
    kinds: list[Kind]
    for_: Condition | None = Field(default=None, alias="for")


class PolicyText(Part):
    """One version of a policy: `text` names a file for each language until it is read, then holds the words."""

    version: str
    effective_on: date
    text: dict[str, str]
    pdf: str | None = None
    pdf_sha256: str = ""  # of the file, put in while the folder is read
    summary_on: bool = False
    binds: Condition | None = None


class Policy(Part):
    """A policy in its versions."""

    id: str = Field(pattern=r"^[a-z0-9-]+$")
    title: Words
    versions: list[PolicyText] = Field(min_length=1)


class CampaignPart(Part):
    """One part of a year's round; no groups means everyone whom no other part names."""

    groups: list[str] = []
    opens: MonthDay
    due: MonthDay
    level: Level | None = None
    policies: list[str] | None = None


class CampaignPlan(Part):
    """The parts of a year's round."""

    parts: list[CampaignPart] = Field(min_length=1)


class Desk(Part):
    """A group of reviewers; `appointed_by` names posts whose filings it may not have."""

    label: Words
    members: Literal["reviewers", "senior_officers", "solicitor", "commission"]
    appointed_by: list[str] = []


class RoutingRule(Part):
    """Where filings go, and because of what: words of one language, or of each; the English ones are what is kept."""

    because: Because
    when: Condition | None = None
    desk: str

    @property
    def reason(self) -> str:
        """The reason in English, as an assignment keeps it."""
        return self.because if isinstance(self.because, str) else self.because["en"]


class FinalBody(Part):
    """Who decides what is escalated to the last step."""

    kind: Literal["officer", "solicitor", "commission"]
    members: list[str] = []
    quorum: int = Field(default=1, ge=1)


class Decisions(Part):
    """What reviewers may decide alone."""

    managed_by_reviewer: bool = False


class OutcomeWords(Part):
    """The words for one fixed outcome."""

    label: Words


class LibraryCondition(Part):
    """One condition of the library."""

    code: str = Field(pattern=r"^[a-z_]+$")
    text: Words
    due: str = "at once"
    proof: SpokenWords = Spoken({"en": "your own statement", "es": "su propia declaración"})
    confirmed_by: str = "ethics office"
    on: bool = True


class FreshSignIn(Part):
    """How old a sign-in may be, in minutes (U2)."""

    filer: int = Field(default=60, ge=1, le=720)
    office: int = Field(default=15, ge=1, le=720)


class Clocks(Part):
    """How long things may take."""

    question_business_days: int = Field(default=10, ge=1)
    first_look_business_days: dict[Literal["now", "first", "soon", "look", "routine"], int] = {"now": 2, "first": 10, "soon": 30}
    appeal_days: int = Field(default=30, ge=1)
    accept_plan_business_days: int = Field(default=10, ge=1)
    fresh_sign_in_minutes: FreshSignIn = FreshSignIn()

    def first_look_days(self, priority: str) -> int:
        """Business days to a first look; a priority without a clock of its own has the slowest."""
        return self.first_look_business_days.get(priority, max(self.first_look_business_days.values()))  # type: ignore[call-overload]  # any priority may be asked


class Questions(Part):
    """What stands under every question to a filer (U40): work time, and who may help; the city may say it in its own words."""

    line: Words = {
        "en": "You may answer in work time. You may have somebody help you: your union, a lawyer, anybody you trust.",
        "es": "Puede contestar en horas de trabajo. Puede pedir ayuda: a su sindicato, a un abogado, a alguien de confianza.",
    }

    def line_in(self, spoken: str) -> str:
        """The line in a language, else in English."""
        return self.line.get(spoken) or self.line["en"]


class Appeals(Part):
    """What a filer reads about what remains when an appeal was decided; the city may say it in its own words."""

    after: Words = {
        "en": "This is the City's last word on it. You may still be able to go to court. Ask a lawyer or your union soon: "
        "there are days for that, too.",
        "es": "Es la última palabra de la Ciudad sobre esto. Quizá todavía pueda acudir a los tribunales. Pregunte pronto a un "
        "abogado o a su sindicato: para eso también hay un plazo.",
    }

    def after_in(self, spoken: str) -> str:
        """The words in a language, else in English."""
        return self.after.get(spoken) or self.after["en"]


class LetterWords(Part):
    """A city's own words for one kind of letter."""

    subject: Words
    body: Words


class Signer(Part):
    """Who signs "coming soon": a title, for some departments or for all; the name is written here or found on the roster."""

    title: Words
    name: str = ""
    departments: list[str] = []


class Letters(Part):
    """When letters leave and how fast (U25); every other key is the kind of a letter with the city's own words."""

    pace: int = Field(default=20, ge=1, le=600)
    hours: tuple[int, int] = (8, 17)
    cadence: dict[str, bool] = {}
    signed_by: list[Signer] = []
    heads: dict[str, str] = {}
    words: dict[str, LetterWords] = {}

    @model_validator(mode="before")
    @classmethod
    def _kinds_are_words(cls, told: Any) -> Any:
        """`receipt: {subject, body}` beside pace and hours is the words of the receipt."""
        if not isinstance(told, dict):
            return told
        own = {"pace", "hours", "cadence", "signed_by", "heads", "words"}
        kinds = {key: value for key, value in told.items() if key not in own}
        return {**{key: told[key] for key in own & set(told)}, "words": {**told.get("words", {}), **kinds}}


class Nil(Part):
    """How filings with nothing to declare are cleared."""

    clear: Literal["batch", "rule"] = "batch"
    sample_percent: int = Field(default=5, ge=0, le=100)


class TwoPersons(Part):
    """Which acts need a second person; each may be turned off by a city too small for it."""

    publish: bool = True
    open_campaign: bool = True
    full_export: bool = True
    grant: bool = True
    reopen: bool = True
    excuse: bool = True
    extension_over_days: int = Field(default=30, ge=0)


class Profile(Part):
    """One city's profile."""

    city: City
    filers: Condition | None = None
    attributes: dict[str, Attribute] = {}
    forms: list[FormUse] = Field(min_length=1)
    policies: list[Policy] = []
    campaign: CampaignPlan
    desks: dict[str, Desk] = Field(min_length=1)
    routing: list[RoutingRule] = Field(min_length=1)
    reviews: dict[str, str] = {}
    final_body: FinalBody
    decisions: Decisions = Decisions()
    outcomes: dict[Outcome, OutcomeWords] = {}
    conditions: list[LibraryCondition] = []
    deadlines: dict[Kind, str] = {}
    events: dict[str, date] = {}
    clocks: Clocks = Clocks()
    questions: Questions = Questions()
    appeals: Appeals = Appeals()
    letters: Letters = Letters()
    nil: Nil = Nil()
    two_persons: TwoPersons = TwoPersons()
    retention: int = Field(default=6, ge=1, le=100)

    @classmethod
    def from_json(cls, content: Any) -> "Profile":
        """The profile that was kept as JSON; raises pydantic's ValidationError for anything else."""
        return cls.model_validate(content)

    def to_json(self) -> dict[str, Any]:
        """What is kept of it: from_json gives the same profile again."""
        return self.model_dump(mode="json", by_alias=True)

    @cached_property
    def _holidays(self) -> frozenset[date]:
        return frozenset(self.city.holidays)

    def is_business_day(self, on: date) -> bool:
        """Monday to Friday and no holiday of the city."""
        return on.weekday() < 5 and on not in self._holidays

    def next_business_day(self, on: date) -> date:
        """`on` itself, or the next business day after it."""
        while not self.is_business_day(on):
            on += timedelta(days=1)
        return on

    def attributes_of(self, known: Mapping[str, Any]) -> dict[str, Any]:
        """What follows from title, department and group; an attribute may build on one above it."""
        told: dict[str, Any] = dict(known)
        found: dict[str, Any] = {}
        for name, attribute in self.attributes.items():
            found[name] = told[name] = attribute.of(told)
        return found

    def filer_of(self, known: Mapping[str, Any], kind: str) -> dict[str, Any]:
        """The `filer` of the form language for a person of the roster (title, department, group) and a kind of filing."""
        told = {name: value for name, value in self.attributes_of(known).items() if value}
        return {**told, "kind": kind, "department": known.get("department") or "", "group": known.get("group") or ""}

    def asks(self, known: Mapping[str, Any]) -> bool:
        """Whether the profile asks this person of the roster at all."""
        facts = {"filer": {**known, **self.attributes_of(known)}}
        return self.filers is None or holds(self.filers, facts)

    def forms_for(self, kind: str, filer: Mapping[str, Any]) -> list[FormUse]:
        """The forms that this filer owes for a kind of filing."""
        return [use for use in self.forms if kind in use.kinds and (use.for_ is None or holds(use.for_, {"filer": filer}))]

    def outcome_label(self, code: str, language: str) -> str:
        """The city's words for an outcome, as the filer reads them."""
        told = self.outcomes.get(Outcome(code))
        return told.label.get(language) or told.label["en"] if told else str(Outcome(code).label)

    def condition(self, code: str) -> LibraryCondition | None:
        """A condition of the library by its code."""
        return next((one for one in self.conditions if one.code == code), None)
