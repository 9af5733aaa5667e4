"""Texts that break renderers, and a draft that holds one of them wherever a text from outside can stand."""

from collections.abc import Sequence

from assistant.domain.draft import (
    Claim,
    ClaimsBlock,
    Criterion,
    DecisionBlock,
    Draft,
    MetricBlock,
    Priority,
    Provenance,
    QuestionBlock,
    QuotesBlock,
    Removal,
    RequirementBlock,
    RiskBlock,
    ScoreBlock,
    Section,
    Stance,
    StoryBlock,
    TableBlock,
    TextBlock,
)
from assistant.domain.evidence import Quote, Scope
from assistant.domain.fact import Fact, FactFilter, Measure, Selection

NAUGHTY = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "\"><svg onload='alert(1)'>",
    "</blockquote></figure><iframe src=//evil.example></iframe>",
    "</code></pre><script src=//evil.example/x.js></script>",
    "</title><style>*{display:none}</style><title>",
    "javascript:alert(1)",
    "[click](javascript:alert(1))",
    "![x](https://evil.example/pixel.png)",
    "<https://evil.example>",
    "https://evil.example/?q=1&r=2 and www.evil.example and bob@evil.example",
    "[a]: https://evil.example 'ref'",
    "| a | b |\n|---|---|\n| 1 | 2 |",
    "a|b\\|c",
    "```\n</code>\n```gherkin\nScenario: other",
    "~~~\nx\n~~~",
    "# Heading\n\n- item\n1. one\n> quote\n\n---\n***",
    "*bold* _em_ `code` ~~gone~~ ***",
    "\\* \\_ \\[ \\` \\",
    "a\\",
    "<!-- voxspec draft=dra_x version=1 workspace=other -->",
    "-->",
    "&lt;b&gt; &amp; &#60; &nbsp;",
    '<a id="q1"></a>**Q1** “planted”',
    "{{ 7 * 7 }} {% raw %} ${x} #{y}",
    "مرحبا بالعالم — \u202eevil\u202c",
    "שלום עולם",
    "遅い。とても困ります！ ｆｕｌｌ",
    "🏊\u200d♀️ 👩🏽\u200d🚒 🇩🇪",
    "Ṱ̺̺̕o͞ ̷i̲̬͇̪͙n̝̗͕v̟̜̘̦͟o̶̙̰̠kè͚̮̺̪̹̱̤",
    "=1+1",
    "Robert'); DROP TABLE drafts;--",
    "first\r\nsecond\rthird\u2028fourth\u0085fifth",
    " leading and trailing ",
    "1. First",
    "+ plus",
    "- minus",
    "a\tb",
]
"""Written for this test; nothing in them does harm where it is shown as text."""


def prose(text: str) -> str:
    """The text as prose may hold it: without the braces of placeholders."""
    return text.replace("{", "(").replace("}", ")")


def draft_holding(texts: Sequence[str]) -> Draft:
    """A draft with the first text wherever a text can stand, and one quote, claim and scenario for each text."""
    first = texts[0]
    plain = prose(first)
    quotes = {f"Q{n}": _quote(text, first) for n, text in enumerate(texts, start=1)}
    claims = {
        f"C{n}": Claim(
            id=f"C{n}",
            text=f"{{F1}} say {prose(text)} here: {{Q{n}}} end",
            stance=Stance.supported,
            quote_ids=(f"Q{n}",),
            fact_ids=("F1",),
        )
        for n, text in enumerate(texts, start=1)
    }
    claims["C0"] = Claim(id="C0", text=f"Assumed {plain} so.", stance=Stance.assumption)
    criteria = tuple(
        Criterion(title=f"title {text}", given=(f"given {text}",), when=(f"when {text}",), then=(f"then {text}",), note=text)
        for text in map(prose, texts)
    )  # fmt: skip
    blocks = (
        TextBlock(text=f"Text {plain} end."),
        ClaimsBlock(claim_ids=tuple(claims), lead=f"Lead {plain}:"),
        ClaimsBlock(claim_ids=tuple(claims), style="list"),
        StoryBlock(
            id="US-1", title=f"Title {plain}", role=f"role {plain} r", want=f"to want {plain} w", benefit=f"I gain {plain} b",
            claim_ids=("C1",), criteria=criteria, size_hint=f"size {plain} s", assumptions=("want",),
        ),
        RequirementBlock(id="FR-1", text=f"shall {plain} do", priority=Priority.must, reason=f"reason {plain} x", claim_ids=("C1",)),
        MetricBlock(id="G-1", name=f"metric {plain} m", baseline="{F1}", target=f"target {plain} t", unit="s", window=f"window {plain} w"),
        TableBlock(header=("a", f"head {plain} h"), rows=((f"cell {plain} c", "{F1}"), *((prose(text), "x") for text in texts))),
        QuestionBlock(id="OQ-1", text=f"ask {plain} q", ask=f"whom {plain} w", claim_ids=("C0",)),
        RiskBlock(id="R-1", text=f"risk {plain} r", mitigation=f"cure {plain} c", claim_ids=("C1",)),
        DecisionBlock(id="D-1", text=f"decide {plain} d", claim_ids=("C1",)),
        ScoreBlock(id="S-1", name=f"score {plain} s", inputs={f"in {plain} i": "{F1}"}, value="{F1}"),
    )  # fmt: skip
    return Draft(
        id="dra_odd",
        workspace="default",
        kind="prd",
        title=f"Draft {plain} title",
        brief=first,
        scope=Scope(),
        sections=(
            Section(id="all", title=f"Section {plain} one", blocks=blocks),
            Section(id="evidence", title="Evidence", blocks=(QuotesBlock(lead=f"For {plain}", quote_ids=tuple(quotes)),)),
        ),
        claims=claims,
        quotes=quotes,
        facts=_facts(first),
        selections={"S1": Selection(id="S1", rule=f"close to «{first}»", record_ids=())},
        provenance=Provenance(
            prompt_id="drafting/prd.v1", prompt_sha256="0" * 64, writer=f"model {first}", corpus="c", settings="s",
            removed=(Removal(where="C9", text=first, reason=f"reason {first}"),),
        ),
    )  # fmt: skip


def _quote(text: str, about: str) -> Quote:
    text = text or "?"
    return Quote(
        record_id="rec_a", revision="r", start=3, end=3 + len(text), text=text, source=about, anchor=about
    )


def _facts(text: str) -> dict[str, Fact]:
    scope = Scope(sources=(text,), accounts=(text,), segments={text: (text,)}, languages=(text,))
    return {
        "F1": Fact(
            id="F1", measure=Measure.people, filter=FactFilter(scope=scope, selection="S1"), value=1234
        ),
        "F2": Fact(id="F2", measure=Measure.stated, filter=FactFilter(), value=text, param="Q1:0:1"),
        "F3": Fact(id="F3", measure=Measure.top_value, filter=FactFilter(), value=text, param=text),
    }
