"""What may be wrong with an opened page whatever it says: noise, other hosts, sideways scroll, axe's rules, holes in
its text, text that does not fit, figures without words, controls too small or out of the keyboard's reach, movement
nobody asked for."""

import re
from typing import Any
from urllib.parse import urlsplit

from dashboards.browsing import Visit, violations

from talus_dashboards.identity import PATIENT
from talus_dashboards.page import Page
from talus_dashboards.words import LANGUAGES

SMALLEST_PX, PATIENTS_PX = 24, 44  # WCAG 2.2 2.5.8; and for a hand that is not steady
TABS = 240  # pressed at the most
HOLES = re.compile(r"\b(NaN|nan|NaT|None|undefined|null|Infinity|inf)\b|\{\w*\}|\[object|\bfloat64\b")


def looked(seen: Visit, page: Page, language: str, home: str, *, calm: bool) -> list[str]:
    """What is wrong with an opened page, in words."""
    tab, words = seen.page, LANGUAGES[language]
    facts = tab.evaluate(FACTS)
    found = [f"complained: {line}" for line in seen.complaints]
    hosts = {urlsplit(url).netloc for url in seen.requests if not url.startswith(("data:", "blob:"))}
    found += [f"asked {host}" for host in hosts - {urlsplit(home).netloc}]
    if facts["sideways"] > 0:
        found.append(f"scrolls {facts['sideways']} px sideways")
    found += violations(tab)
    if facts["headings"] != 1:
        found.append(f"{facts['headings']} h1")
    if facts["lang"] != language:
        found.append(f"lang is {facts['lang']}")
    names = {words.PAGES[page.name], words.PAGES_OWN.get(page.name, words.PAGES[page.name])}
    if tab.title() not in {f"{name} · {words.BRAND}" for name in names}:
        found.append(f"title is {tab.title()!r}")
    for said in facts["said"]:
        if hole := HOLES.search(said):
            found.append(f"says {hole[0]!r} in {said[max(0, hole.start() - 40) : hole.end() + 40]!r}")
    found += [f"figure without {what}" for what in facts["figures"]]
    found += [
        f"too small: {one}" for one in tab.evaluate(TARGETS, PATIENTS_PX if PATIENT in page.roles else SMALLEST_PX)
    ]
    if facts["astray"]:
        found.append("the page's own place in the menu is out of sight")
    found += [f"text does not fit: {one}" for one in tab.evaluate(CUT)]
    if calm and (moving := tab.evaluate(MOVING)):
        found.append(f"moves: {moving}")
    return found + unreached(tab)


FACTS = """() => {
  const main = document.querySelector('main');
  const here = document.querySelector('nav [aria-current]');
  const labels = [...document.querySelectorAll('[aria-label], [title], [placeholder]')].flatMap(
    one => ['aria-label', 'title', 'placeholder'].map(name => one.getAttribute(name)).filter(Boolean));
  const figures = [...main.querySelectorAll('.dash-graph')].filter(one => one.offsetParent).flatMap(one => {
    const picture = one.closest('[role=img]');
    const place = one.closest('.drawing') || main;
    return [[picture && picture.getAttribute('aria-label'), 'a label'], [place.querySelector('table'), 'a table']]
      .filter(([there]) => !there).map(([, what]) => what);
  });
  return {
    sideways: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    headings: document.querySelectorAll('h1').length,
    lang: document.documentElement.lang,
    said: [document.body.textContent ? main.innerText : '', ...[...main.querySelectorAll('details')].map(
      one => one.textContent), document.querySelector('nav').innerText, ...labels],
    figures,
    astray: here && (here.getBoundingClientRect().left < -1 || here.getBoundingClientRect().right > innerWidth + 1),
  };
}"""

# A link within a line of text is as high as the line (2.5.8's exception); what is hidden is none; an input under its
# label is as large as the label, a link alone in a grid's cell as the cell around it.
TARGETS = """least => [...document.querySelectorAll('a, button, summary, input, select, textarea, [role=button]')]
  .filter(one => one.offsetParent && !one.disabled && !one.closest('[aria-hidden=true], .skip, .modebar'))
  .filter(one => one.tagName !== 'A' || one.parentElement.tagName !== 'P'
    || one.parentElement.innerText === one.innerText)
  .map(one => {
    const label = one.labels && one.labels.length ? one.labels[0] : null;
    const boxes = [one, label, one.closest('[role=gridcell]')]
      .filter(Boolean).map(each => each.getBoundingClientRect());
    const wide = Math.max(...boxes.map(box => box.width)), high = Math.max(...boxes.map(box => box.height));
    return [one, wide, high];
  })
  .filter(([, wide, high]) => wide < 24 || high < least - 0.5)
  .map(([one, wide, high]) => `${one.tagName} ${(one.innerText || one.name || one.id).slice(0, 30)} `
    + `${Math.round(wide)}x${Math.round(high)}`)"""

# What is wider than the place it has: it is cut, or spills over what stands beside it. Folded tables are opened for it;
# on a desk one of many columns may scroll in its box.
CUT = """() => {
  const folds = [...document.querySelectorAll('details.fold:not([open])')];
  folds.forEach(one => { one.open = true; });
  const names = 'h1, h2, h3, p, li, dt, dd, td, th, summary, button, label, .button, .ag-cell, '
    + '.mantine-SegmentedControl-root, .mantine-Select-input' + (innerWidth < 480 ? ', .rows' : '');
  const found = [...document.querySelectorAll(names)]
    .filter(one => one.offsetParent && one.clientWidth > 1 && !one.closest('[aria-hidden=true], .modebar'))
    .filter(one => one.scrollWidth > one.clientWidth + 1)
    .map(one => `${one.tagName}.${one.className} ${(one.innerText || one.value || '').slice(0, 40)} `
      + `${one.scrollWidth} in ${one.clientWidth}`);
  folds.forEach(one => { one.open = false; });
  return found;
}"""

MOVING = """() => {
  const run = document.getAnimations().filter(one => one.playState === 'running').length;
  const slow = [...document.querySelectorAll('main *, header *')].filter(one => {
    const style = getComputedStyle(one);
    const slow = style.transitionDuration.split(',').some(each => parseFloat(each) > 0);
    return style.animationName !== 'none' || (style.transitionProperty !== 'none' && slow);
  }).map(one => one.className || one.tagName);
  return run + slow.length ? `${run} animations, ${slow.slice(0, 3)}` : '';
}"""

# Every control by a number; radios of one group are one stop, a grid of cells is one, too.
MARK = """() => {
  let count = 0;
  const groups = new Map();
  const able = 'a[href], button, input, select, textarea, summary, [tabindex="0"]';
  for (const one of document.querySelectorAll(able)) {
    if (one.disabled || one.type === 'hidden' || one.closest('[hidden], [inert]') || one.tabIndex < 0) continue;
    if (!one.checkVisibility() || one.closest('.ag-tab-guard')) continue;
    const grid = one.closest('.ag-root-wrapper');
    if (grid) grid.dataset.stop = groups.get(grid) ?? count;
    const group = grid || (one.type === 'radio' ? one.name : one);
    if (!groups.has(group)) groups.set(group, count++);
    one.dataset.stop = groups.get(group);
  }
  return count;
}"""

FOCUSED = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return [null, true, ''];
  const seen = [one, ...(one.labels || []), one.parentElement].some(each => {
    const style = getComputedStyle(each);
    return (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0)
      || (each !== one.parentElement && style.boxShadow !== 'none');
  });
  const inner = one.type === 'date' && !one.matches(':focus-visible');  // the browser's own ring on its calendar button
  const stop = (one.closest('.ag-root-wrapper') || one).dataset.stop ?? '';
  return [stop, seen || inner, `${one.tagName} ${(one.innerText || one.id || '').slice(0, 40)}`];
}"""


def unreached(tab: Any) -> list[str]:
    """Press Tab through the page: which controls it never comes to, and where the focus cannot be seen."""
    wanted = int(tab.evaluate(MARK))
    tab.evaluate("document.activeElement && document.activeElement.blur(); window.scrollTo(0, 0)")
    reached: set[str] = set()
    unseen: list[str] = []
    for pressed in range(TABS):  # a field of a date is several stops
        tab.keyboard.press("Tab")
        stop, visible, name = tab.evaluate(FOCUSED)
        if stop is None and pressed >= wanted:
            break  # behind the last one
        if stop:
            reached.add(stop)
        if stop and not visible:
            unseen.append(f"focus is not seen on {name}")
    missed = sorted({str(number) for number in range(wanted)} - reached)
    names = [
        tab.locator(f'[data-stop="{number}"]').first.evaluate("one => one.outerHTML.slice(0, 90)") for number in missed
    ]
    return [f"Tab never reaches {name}" for name in names] + unseen
