/* What goes on by itself while somebody looks: parts that are asked for again, and clocks. */
(function () {
  "use strict";
  var doc = document;
  function each(selector, act) { doc.querySelectorAll(selector).forEach(act); }

  /* ---- fresh parts of a page: asked for while somebody looks ---- */
  var asked = new WeakMap();
  /* A page that asks for nothing else has no htmx. */
  function ask(node) {
    if (window.htmx) { window.htmx.trigger(node, "refresh"); return; }
    fetch(node.getAttribute("hx-get"), { headers: { "HX-Request": "true" } }).then(function (answer) {
      return answer.ok && !answer.redirected ? answer.text() : "";
    }).then(function (text) {
      if (!text || !doc.contains(node)) return;
      node.outerHTML = text;
      doc.dispatchEvent(new Event("baige:shown"));
    }, function () {});
  }
  function refresh(force) {
    if (doc.hidden) return;
    each("[data-refresh]", function (node) {
      var now = Date.now(), wait = Number(node.dataset.refresh) * 1000;
      if (!asked.has(node)) { asked.set(node, now); if (!force) return; }
      if (!force && now - asked.get(node) < wait) return;
      asked.set(node, now);
      ask(node);
    });
  }
  setInterval(refresh, 1000);
  /* A save that is refused can know of a deadline before this page does. */
  doc.addEventListener("htmx:afterRequest", function (event) { if (event.detail.xhr.status === 409) refresh(true); });
  doc.addEventListener("visibilitychange", function () { refresh(true); });

  /* ---- a clock that follows the server's ---- */
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
