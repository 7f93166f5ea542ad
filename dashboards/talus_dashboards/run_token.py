"""An entrance without accounts: the token of the printed address, new at every start, exchanged for a cookie.

Who holds it is let in as one given identity. The cookie is another secret made from the token, so a copied cookie names
no token. For pages without a database, and programs that serve them to whoever started them.
"""

import hashlib
import hmac
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode

from talus_dashboards.asked import Receive, Scope, Send, answer, cookie_of, fields_of, inside
from talus_dashboards.identity import Who
from talus_dashboards.words import LANGUAGES

FIELD = "token"


class RunToken:
    """Lets in who brings `token`, as `who`."""

    forms: frozenset[str] = frozenset()

    def __init__(self, token: str, who: Who) -> None:
        self._token = token.encode()
        self._secret = hmac.new(self._token, b"talus cookie", hashlib.sha256).hexdigest()
        # Named by the run, so that two runs on two ports do not log each other's visitors out.
        self._cookie = "talus_" + hmac.new(self._token, b"talus cookie name", hashlib.sha256).hexdigest()[:8]
        self._who = who

    async def admit(self, scope: Scope, receive: Receive, send: Send, headers: Mapping[str, str]) -> Who | None:
        """Who asks; None where that was answered here."""
        words = LANGUAGES[self._who.language]
        token = fields_of(scope).get(FIELD) if scope["method"] == "GET" else None
        if token is not None:
            if hmac.compare_digest(token.encode(), self._token):
                cookie = f"{self._cookie}={self._secret}; Path=/; HttpOnly; SameSite=Lax"
                await answer(send, 303, "", (("location", _without_token(scope)), ("set-cookie", cookie)))
            else:
                await answer(send, 403, words.WRONG_TOKEN)
            return None
        kept = cookie_of(headers, self._cookie)
        if kept is None or not hmac.compare_digest(kept.encode(), self._secret.encode()):
            await answer(send, 401, words.DENIED)
            return None
        return self._who


def _without_token(scope: Scope) -> str:
    fields = parse_qsl(scope.get("query_string", b"").decode("latin-1"), keep_blank_values=True)
    query = urlencode([(name, value) for name, value in fields if name != FIELD])
    path = inside(scope.get("raw_path", scope["path"].encode()).decode("latin-1").split("?")[0])
    return path + ("?" + query if query else "")
