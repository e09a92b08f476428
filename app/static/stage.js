/* The hall's screen, beside app.js: full screen, a screen that stays on, and the next winner without htmx. */
(function () {
  "use strict";
  var doc = document, wake = null;
  function lock() {
    if (doc.hidden || !navigator.wakeLock) return;
    navigator.wakeLock.request("screen").then(function (got) { wake = got; }, function () { wake = null; });
  }
  Array.prototype.forEach.call(doc.querySelectorAll("button[data-fullscreen]"), function (button) {
    if (!doc.documentElement.requestFullscreen) return;
    button.hidden = false;
    button.addEventListener("click", function () {
      if (doc.fullscreenElement) doc.exitFullscreen(); else doc.documentElement.requestFullscreen();
      if (!wake) lock();
    });
  });
  lock();
  doc.addEventListener("visibilitychange", lock);

  /* A hall whose network does not reach htmx still sees every winner: the whole page comes again, if it answers. */
  function stale(is) { var dot = doc.getElementById("stale"); if (dot) dot.hidden = !is; }
  setInterval(function () {
    if (doc.hidden || window.htmx) return;
    fetch(location.href).then(function (answer) {
      stale(!answer.ok);
      if (answer.ok) location.reload();
    }, function () { stale(true); });
  }, 5000);
})();
