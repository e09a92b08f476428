/* The hall's screen: full screen, a screen that stays on, a clock that follows the server's. After app.js. */
(function () {
  "use strict";
  var doc = document, wake = null;
  function each(selector, act) { Array.prototype.forEach.call(doc.querySelectorAll(selector), act); }

  /* A hall whose network does not reach htmx still sees every winner: the whole page comes again, if it answers. */
  var reloads = Date.now() + 5000;
  function stale(is) { var dot = doc.getElementById("stale"); if (dot) dot.hidden = !is; }
  function reload() {
    if (doc.hidden || window.htmx || Date.now() < reloads) return;
    reloads = Date.now() + 5000;
    fetch(location.href).then(function (answer) {
      stale(!answer.ok);
      if (answer.ok) location.reload();
    }, function () { stale(true); });
  }
  setInterval(reload, 1000);

  function lock() {
    if (doc.hidden || !navigator.wakeLock) return;
    navigator.wakeLock.request("screen").then(function (got) { wake = got; }, function () { wake = null; });
  }
  doc.addEventListener("visibilitychange", lock);
  each("[data-fullscreen]", function (button) {
    if (button.tagName !== "BUTTON" || !doc.documentElement.requestFullscreen) return;
    button.hidden = false;
    button.addEventListener("click", function () {
      if (doc.fullscreenElement) doc.exitFullscreen(); else doc.documentElement.requestFullscreen();
      if (!wake) lock();
    });
  });
  lock();

  /* data-ends and data-now are the server's milliseconds; the difference of clocks is taken once per part shown. */
  var skews = new WeakMap();
  setInterval(function () {
    each("[data-ends]", function (clock) {
      if (!skews.has(clock)) skews.set(clock, Number(clock.dataset.now) - Date.now());
      var left = Math.ceil((Number(clock.dataset.ends) - Date.now() - skews.get(clock)) / 1000);
      var over = left < 0, whole = Math.abs(left), rest = whole % 60;
      var text = (over ? "+" : "") + Math.floor(whole / 60) + ":" + (rest < 10 ? "0" : "") + rest;
      if (clock.textContent !== text) clock.textContent = text;
      clock.classList.toggle("low", left <= 60 && left > 0);
      clock.classList.toggle("out", left <= 0);
      var note = doc.getElementById(clock.id + "-word");
      if (note) note.textContent = left <= 0 ? note.dataset.out : left <= 60 ? note.dataset.low : note.dataset.plain || "";
    });
  }, 250);
})();
