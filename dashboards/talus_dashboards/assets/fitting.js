// The stopwatch of a timed walk runs in the browser: no answer of the server lies between the foot and the number.
window.dash_clientside = window.dash_clientside || {};
window.dash_clientside.fitting = {
  // A press starts a walk, the next one stops it. Kept: when it began (UTC ms) and how long it took (s).
  pressed: function (clicks, watch, startWord, stopWord) {
    if (!clicks) return [window.dash_clientside.no_update, startWord, window.dash_clientside.no_update];
    if (!watch || !watch.running) {
      return [{ running: true, at_ms: Date.now(), from: performance.now() }, stopWord, window.dash_clientside.no_update];
    }
    const seconds = Math.round((performance.now() - watch.from) / 100) / 10;
    return [{ running: false, at_ms: watch.at_ms, seconds: seconds }, startWord, seconds];
  },
  running: function (ticks, watch) {
    if (!watch) return "0.0 s";
    const seconds = watch.running ? (performance.now() - watch.from) / 1000 : watch.seconds;
    return seconds.toFixed(1) + " s";
  },
};
