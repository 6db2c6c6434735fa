"""The pages people see: who are you today, and what went wrong."""

from collections.abc import Mapping
from html import escape
from pathlib import Path
from string import Template

from local.tokens import DEMO, NAME_MAX_CHARS

PAGE = Template(Path(__file__).with_name("page.html").read_text(encoding="utf-8"))


def sign_in_page(query: Mapping[str, str], wrong: str = "") -> str:
    """The query travels along in hidden fields and is checked again when it comes back."""
    hidden = "\n".join(f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">' for name, value in query.items())
    hint = escape(query.get("login_hint", ""))
    complaint = f'<p class="wrong" role="alert">{escape(wrong)}</p>' if wrong else ""
    return _page(
        "Sign in",
        f"""\
<section class="sheet">
<h2>Who is practising?</h2>
{complaint}
<form method="post" action="/oauth2/authorize">
{hidden}
<button class="primary" name="name" value="{DEMO}">Continue as the demo learner</button>
</form>
<form method="post" action="/oauth2/authorize">
{hidden}
<label for="name">or as somebody else</label>
<input id="name" name="name" required maxlength="{NAME_MAX_CHARS}" autocomplete="username" value="{hint}">
<button>Continue</button>
</form>
</section>
<p class="quiet">There are no passwords here: this sign-in serves this machine only. Every name is a learner of its own.</p>""",
    )


def plain_page(title: str, sentence: str) -> str:
    return _page(title, f'<section class="sheet"><h2>{escape(title)}</h2><p>{escape(sentence)}</p></section>')


def _page(title: str, body: str) -> str:
    return PAGE.substitute(title=escape(title), body=body)
