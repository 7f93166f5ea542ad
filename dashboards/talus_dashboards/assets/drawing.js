/* A browser needs half a second to read what draws. It does so while the server is asked what to draw, not before: the
   first question of a page is for its frame, the second for what it shows. */
(function () {
  const links = document.querySelectorAll("link.drawing");
  let asked = 0;
  function read(link) {
    const script = document.createElement("script");
    script.src = link.href;
    script.async = false;
    document.head.appendChild(script);
  }
  window.talusAsked = function () {
    asked += 1;
    if (asked === 2) setTimeout(() => links.forEach(read), 0);
  };
})();
