"""Every callback there is, asked by hand as no page of ours would: any address, any value, whoever asks."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from dashboards.visiting import Answer, Visitor


def asked(visitor: Visitor, cookie: str, path: str, values: Sequence[Any] = (None,)) -> Iterator[tuple[str, Answer]]:
    """(output, answer) of every callback told that the page is at `path`, each other input holding one of `values`."""
    headers = {"cookie": cookie, "content_type": "application/json", "origin": "http://127.0.0.1:8050"}
    for one in json.loads(visitor.ask("/_dash-dependencies", cookie=cookie).body):
        if one.get("clientside_function"):
            continue
        for value in values:
            inputs, state = (_told(one[name], path, value) for name in ("inputs", "state"))
            changed = [f"{row['id']}.{row['property']}" for row in inputs[:1] if row]
            body = {"output": one["output"], "outputs": _outputs(one["output"]), "inputs": inputs, "state": state}
            body["changedPropIds"] = changed
            sent = json.dumps(body).encode()
            yield one["output"], visitor.ask("/_dash-update-component", method="POST", body=sent, **headers)


def _told(rows: list[dict[str, Any]], path: str, value: Any) -> list[Any]:
    """What stands in each input; one that stands for many has none."""
    return [
        [] if row["id"].startswith("{") else row | {"value": path if row["id"] == "url" else value} for row in rows
    ]  # fmt: skip


def _outputs(named: str) -> Any:
    rows = named.strip(".").split("...")
    found = []
    for row in rows:
        which, _, prop = row.rpartition(".")
        pattern = which.startswith("{")
        found.append([] if pattern else {"id": which, "property": prop.split("@")[0]})
    return found if named.startswith("..") else found[0]
