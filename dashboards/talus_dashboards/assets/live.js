/* A page that asks three times a second must say by itself when nobody answers any more: the server cannot. */
window.dash_clientside = window.dash_clientside || {};
window.dash_clientside.talus = (function () {
  let last = null;
  let since = 0;
  return {
    /* second: counted here; beat: new with every answer; asks: 0 while paused. Whether the notice stays hidden. */
    answered: function (second, beat, asks) {
      if (beat !== last || asks === 0) {
        last = beat;
        since = second;
      }
      return second - since < 4;
    },
  };
})();
