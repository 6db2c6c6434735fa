"""The pages: a list of traces, and one trace as a waterfall. Plain HTML: everything is there when it arrives."""

from collections.abc import Iterable
from datetime import datetime
from html import escape
from pathlib import Path
from string import Template

from local.traces.received import Attribute, Span
from local.traces.store import Trace

PAGE = Template(Path(__file__).with_name("page.html").read_text(encoding="utf-8"))

TICKS = 4
"""Into how many parts the time of a trace is divided."""

SLIM_PERCENT = 0.4
"""No bar is narrower, however short what it stands for."""


def list_page(traces: list[Trace], find: str, *, everything: bool) -> str:
    rows = "\n".join(_row(trace) for trace in traces)
    checked = " checked" if everything else ""
    return _page(
        "Traces",
        f"""\
<h1>Traces</h1>
<form class="search" role="search">
<input type="search" name="find" value="{escape(find)}" placeholder="job, request or trace id; a route; a kind"
 aria-label="Find traces by id, route or kind">
<label><input type="checkbox" name="everything" value="true"{checked}> what only reads, too</label>
<button>Find</button>
</form>
{f'<ol class="list">{rows}</ol>' if traces else _nothing(find)}
<p class="quiet">The newest traces, in memory: they are gone when Kotonoha stops. As JSON: <code>/api/traces?find=…</code></p>""",
    )


def _nothing(find: str) -> str:
    if find:
        return f'<p class="empty">No trace speaks of <b>{escape(find)}</b>. Spans come a few seconds after what they tell.</p>'
    return '<p class="empty">Nothing yet. Ask for a haiku, and come back in a few seconds.</p>'


def _row(trace: Trace) -> str:
    first, failures = trace.first, trace.failures
    wrong = f'<span class="wrong">{failures} failed</span>' if failures else ""
    return f"""\
<li><a href="/traces/{trace.id}">
<span class="name"><i class="{escape(first.kind)}"></i>{escape(first.name)}</span>
<span class="facts">{wrong}<span>{len(trace.spans)} span{"" if len(trace.spans) == 1 else "s"}</span>
<span class="time">{_lasted(trace.seconds)}</span><time>{_clock(trace.began)}</time></span></a></li>"""


def trace_page(trace: Trace) -> str:
    first = trace.first
    services = sorted({span.service for span in trace.spans})
    rows = "\n".join(_span(depth, span, trace) for depth, span in trace.tree())
    failures = f' · <span class="wrong">{trace.failures} failed</span>' if trace.failures else ""
    return _page(
        first.name,
        f"""\
<p class="back"><a href="/">← Traces</a></p>
<h1>{escape(first.name)}</h1>
<p class="quiet">{_clock(trace.began)} · {_lasted(trace.seconds)} · {len(trace.spans)} spans{failures}
 · {escape(", ".join(services))}<br>trace <code>{trace.id}</code></p>
<div class="legend">{_legend(trace)}</div>
<div class="waterfall">
<div class="ticks" aria-hidden="true"><span></span><div>{_ticks(trace.seconds)}</div></div>
{rows}
</div>""",
    )


def missing_page() -> str:
    return _page(
        "No such trace", '<p class="back"><a href="/">← Traces</a></p><p class="empty">That trace is not here any more.</p>'
    )


def _span(depth: int, span: Span, trace: Trace) -> str:
    whole = max(trace.seconds * 1e9, 1)
    left = min((span.began - trace.began) / whole * 100, 100 - SLIM_PERCENT)
    width = max(min((span.ended - span.began) / whole * 100, 100 - left), SLIM_PERCENT)
    wrong = " failed" if span.failed is not None else ""
    return f"""\
<details id="{span.id}" class="span{wrong}"><summary>
<span class="name" style="--depth:{depth}"><i class="{escape(span.kind)}"></i><b>{escape(span.name)}</b></span>
<span class="lane"><span class="bar {escape(span.kind)}" style="left:{left:.2f}%;width:{width:.2f}%"></span>
{_took(span, left, left + width)}</span>
</summary>{_facts(span)}</details>"""


def _took(span: Span, left: float, right: float) -> str:
    """Where there is room: after the bar, before it, or in it."""
    side, at = ("after", right) if right < 80 else ("before", left) if left > 20 else ("inside", right)
    return f'<span class="took {side}" style="--at:{at:.2f}%">{_lasted((span.ended - span.began) / 1e9)}</span>'


def _facts(span: Span) -> str:
    # The name once more: in the waterfall there may be no room for all of it.
    told = [("name", escape(span.name)), ("service", escape(span.service)), ("kind", escape(span.kind))]
    if span.failed is not None:
        told.append(("status", f'<span class="wrong">{escape(span.failed)}</span>'))
    told.extend((escape(name), _value(value)) for name, value in sorted(span.attributes.items()))
    told.extend(("linked to", f'<a href="/traces/{link.trace}#{link.span}">{link.trace}</a>') for link in span.links)
    return f"<dl>{''.join(f'<dt>{name}</dt><dd>{value}</dd>' for name, value in told)}</dl>"


def _value(value: Attribute) -> str:
    return escape(f"{value}")


def _legend(trace: Trace) -> str:
    return "".join(f'<span><i class="{escape(kind)}"></i>{escape(kind)}</span>' for kind in _kinds(trace.spans))


def _kinds(spans: Iterable[Span]) -> list[str]:
    """In the order they first appear."""
    return list(dict.fromkeys(span.kind for span in sorted(spans, key=lambda span: span.began)))


def _ticks(seconds: float) -> str:
    return "".join(f"<span>{_lasted(seconds * part / TICKS)}</span>" for part in range(TICKS + 1))


def _lasted(seconds: float) -> str:
    if seconds >= 1:
        return f"{seconds:.2f} s"
    return f"{seconds * 1000:.0f} ms" if seconds >= 0.01 or seconds == 0 else f"{seconds * 1000:.1f} ms"


def _clock(nanoseconds: int) -> str:
    return f"{datetime.fromtimestamp(nanoseconds / 1e9).astimezone():%H:%M:%S}"


def _page(title: str, body: str) -> str:
    return PAGE.substitute(title=escape(title), body=body)
