/* Each question carries what only a page of its own session knows. A tab left open while another account logged in is
   loaded anew, and one whose session ended leads to the login: neither goes on under what it shows. */
(function () {
  const held = document.querySelector('meta[name="talus-form"]');
  const form = held ? held.content : "";
  const ask = window.fetch;
  if (!form) return;
  window.fetch = async function (what, how) {
    const address = new URL(typeof what === "string" ? what : what.url || String(what), document.baseURI);
    if (address.origin !== location.origin) return ask.call(window, what, how);
    const headers = new Headers((how && how.headers) || {});
    headers.set("X-CSRFToken", form);
    const answer = await ask.call(window, what, Object.assign({}, how, { headers: headers }));
    if (answer.status === 401) {
      location.assign("/login?" + new URLSearchParams({ next: location.pathname, again: "" }));
    } else if (answer.status === 403 && answer.headers.get("x-talus") === "another") {
      location.reload();
    }
    return answer;
  };
})();
