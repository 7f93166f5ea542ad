"""The pages before the pages: plain HTML forms to log in, to choose a password, to log out. No script, no asset.

Their one style sheet stands in the page and its digest in their policy, so that every asset stays closed.
"""

import base64
import hashlib
import html

from talus_dashboards.shell import ICON
from talus_dashboards.words import Words

STYLE = """
:root { color-scheme: light dark; --ink: #1f2933; --page: #f4f6f8; --card: #fff; --line: #7b8794; --blue: #005a8e;
  --on: #fff; --warn: #a63d00; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9ec; --page: #14171a; --card: #1d2125; --line: #8a949e;
  --blue: #7cc0ec; --on: #10202c; --warn: #ffb183; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 18px/1.5 system-ui, sans-serif; }
main { max-width: 26rem; margin: 0 auto; padding: 1.5rem 1rem 3rem; }
.brand { font-weight: 700; margin: 0 0 1rem; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 .5rem; }
form, .box { background: var(--card); border-radius: 14px; padding: 1.1rem; margin: 1rem 0; }
label { display: block; margin: 0 0 .2rem; font-weight: 600; }
input { width: 100%; min-height: 48px; padding: .4rem .7rem; margin: 0 0 1rem; font: inherit; color: inherit;
  background: var(--page); border: 1px solid var(--line); border-radius: 10px; }
button { display: block; width: 100%; min-height: 48px; margin: .4rem 0; font: inherit; font-weight: 600;
  border: 1px solid var(--blue); border-radius: 10px; background: var(--blue); color: var(--on); cursor: pointer; }
button.second { background: var(--card); color: var(--blue); }
a { color: var(--blue); display: inline-block; padding: .6rem 0; }
.hint { margin: -.6rem 0 1rem; font-size: .9rem; }
.alert { border: 2px solid var(--warn); border-left-width: 8px; border-radius: 10px; padding: .6rem .8rem;
  margin: 1rem 0; }
:focus-visible { outline: 3px solid var(--blue); outline-offset: 2px; }
"""
_DIGEST = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
POLICY = "; ".join(
    (
        "default-src 'none'",
        f"style-src 'sha256-{_DIGEST}'",
        "img-src data:",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)

PAGE = """<!DOCTYPE html>
<html lang="{lang}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex"><title>{title} · {brand}</title><link rel="icon" href="{icon}">
<style>{style}</style></head>
<body><main><p class="brand">{brand}</p><h1>{title}</h1>
{body}
</main></body></html>
"""


def page(words: Words, title: str, *parts: str) -> str:
    """A whole page. parts: HTML, made below."""
    told = {"lang": words.LANG, "title": html.escape(title), "brand": html.escape(words.BRAND)}
    return PAGE.format(**told, icon=html.escape(ICON), style=STYLE, body="\n".join(parts))


def say(text: str) -> str:
    return f"<p>{html.escape(text)}</p>" if text else ""


def alert(text: str) -> str:
    """What went wrong; read aloud first, for it stands before the form and has the focus."""
    return f'<p class="alert" role="alert" id="wrong">{html.escape(text)}</p>' if text else ""


def form(path: str, hidden: dict[str, str], *parts: str) -> str:
    """A form that posts to one of our own paths."""
    kept = "".join(
        f'<input type="hidden" name="{html.escape(name)}" value="{html.escape(value)}">'
        for name, value in hidden.items()
    )
    return f'<form method="post" action="{html.escape(path)}">{kept}{"".join(parts)}</form>'


def field(
    name: str,
    label: str,
    *,
    kind: str = "text",
    fills: str = "off",
    hint: str = "",
    first: bool = False,
    value: str = "",
) -> str:
    """One labelled input. fills: what a password manager may put there."""
    extra = ' autocapitalize="none" spellcheck="false"' + (" autofocus" if first else "")
    extra += f' aria-describedby="{name}-hint"' if hint else ""
    extra += f' value="{html.escape(value)}"' if value else ""
    below = f'<p class="hint" id="{name}-hint">{html.escape(hint)}</p>' if hint else ""
    return (
        f'<label for="{name}">{html.escape(label)}</label>'
        f'<input id="{name}" name="{name}" type="{kind}" autocomplete="{fills}" required{extra}>{below}'
    )


def button(text: str, name: str = "", second: bool = False) -> str:
    named = f' name="{name}" value="1"' if name else ""
    return f'<button type="submit"{named}{" class=second" if second else ""}>{html.escape(text)}</button>'


def link(path: str, text: str) -> str:
    return f'<a href="{html.escape(path)}">{html.escape(text)}</a>'
