/* A page that asks three times a second must say by itself when nobody answers any more: the server cannot. */
window.dash_clientside = window.dash_clientside || {};
window.dash_clientside.talus = (function () {
  const PATIENCE = 4;
  let last = null;
  let since = 0;
  return {
    /* second: counted here; beat: new with every answer; asks: 0 while paused. Returns whether the notice stays hidden,
       and whether the clock of the questions stands: one that failed leaves it so, and it must be started again. */
    answered: function (second, beat, asks) {
      if (beat !== last || asks === 0) {
        last = beat;
        since = second;
      }
      const well = second - since < PATIENCE;
      return [well, well ? window.dash_clientside.no_update : false];
    },
  };
})();
