/* What helps while one writes: how much room is left, Kazakh letters, Ctrl+Enter, and links that wait for a save.
   Asked for by app.js with the first field that is used. */
(function () {
  "use strict";
  var doc = document, words = doc.getElementById("words").dataset, live = doc.getElementById("live");
  function on(name, act) { doc.addEventListener(name, act); }
  function say(text) {
    live.textContent = "";
    setTimeout(function () { live.textContent = text; }, 100);
  }

  /* ---- characters: counted as app/sections/text.py counts them, by the table in tests/sections/counting.json ---- */
  var pause = 0;
  var unseen = /[\u00ad\u200b\u200c\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ud800-\udfff]/gu;
  function length(field) {
    var kept = field.value.replace(/\r\n?|\u0085|\u2028|\u2029/g, "\n").replace(unseen, "").normalize("NFC").trim();
    return Array.from(field.tagName === "INPUT" ? kept.replace(/\s+/g, " ") : kept).length;
  }
  function count(field) {
    var out = doc.getElementById(field.id + "-count");
    if (!out) return "";
    var cap = Number(field.dataset.cap), used = length(field), left = cap - used;
    var near = used >= cap * 0.75;
    function number(of) { return of.toLocaleString(doc.documentElement.lang === "en" ? "en-GB" : "ru-RU"); }
    out.classList.toggle("near", near && left >= 0);
    out.classList.toggle("over", left < 0);
    out.textContent = near ? (left < 0 ? words.over : words.left) + ": " + number(Math.abs(left)) : words.most + ": " + number(cap);
    return near ? out.textContent : "";
  }
  on("input", function (event) {
    if (!event.target.matches || !event.target.matches("[data-cap]")) return;
    var text = count(event.target);
    clearTimeout(pause);
    if (text) pause = setTimeout(function () { say(text); }, 1200);
  });
  function countAll() { Array.prototype.forEach.call(doc.querySelectorAll("[data-cap]"), count); }
  on("htmx:afterSettle", countAll);
  countAll();

  /* ---- Kazakh letters for people whose keyboard has none: one bar, under the field in use ---- */
  var LETTERS = "әғқңөұүһі", keys = null, target = null;
  function capital(field) {
    return /(^|[.!?…\n]\s*)$/.test(field.value.slice(0, field.selectionStart));
  }
  function put(letter) {
    target.focus();
    target.setRangeText(letter, target.selectionStart, target.selectionEnd, "end");
    target.dispatchEvent(new Event("input", { bubbles: true }));
    letterCase();
  }
  function letterCase(event) {
    if (!keys || !target) return;
    var upper = (event && event.shiftKey) || capital(target);
    Array.prototype.forEach.call(keys.children, function (button, i) {
      button.textContent = upper ? LETTERS[i].toUpperCase() : LETTERS[i];
    });
  }
  function keyBar() {
    var bar = doc.createElement("div");
    bar.className = "keys";
    bar.setAttribute("role", "toolbar");
    bar.setAttribute("aria-label", words.keys);
    bar.lang = "kk";
    Array.from(LETTERS).forEach(function (letter, i) {
      var button = doc.createElement("button");
      button.textContent = letter;
      button.type = "button";
      button.tabIndex = i ? -1 : 0;
      button.addEventListener("mousedown", function (event) { event.preventDefault(); });
      button.addEventListener("click", function (event) { put(event.shiftKey ? letter.toUpperCase() : button.textContent); });
      bar.appendChild(button);
    });
    bar.addEventListener("keydown", function (event) {
      var step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      event.preventDefault();
      var all = bar.children, at = Array.prototype.indexOf.call(all, doc.activeElement);
      var next = all[(at + step + all.length) % all.length];
      all[at].tabIndex = -1;
      next.tabIndex = 0;
      next.focus();
    });
    return bar;
  }
  function under(field) {
    if (!field.matches("[data-keys]") || field.readOnly || (field === target && keys && doc.contains(keys))) return;
    target = field;
    keys = keys || keyBar();
    var top = field.getBoundingClientRect().top;
    (field.closest(".affix") || field).insertAdjacentElement("afterend", keys);
    window.scrollBy(0, field.getBoundingClientRect().top - top);
    letterCase();
  }
  if (doc.documentElement.lang === "kk" && words.keys) {
    on("focusin", function (event) { under(event.target); });
    on("keyup", letterCase);
    on("selectionchange", function () { if (doc.activeElement === target) letterCase(); });
    under(doc.activeElement || doc.body);
  }

  /* ---- Ctrl+Enter ---- */
  on("keydown", function (event) {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    var form = event.target.form;
    if (!form || !form.matches("[data-ctrl-enter]")) return;
    event.preventDefault();
    form.requestSubmit(form.querySelector("[data-primary]"));
  });

  /* ---- a link waits for the autosave: the next page would lack the last words, and meet them as another's ---- */
  var LONGEST = 3000, typed = false, leaving = null, last = doc.activeElement;
  function saving() { return doc.querySelector("form[hx-patch]"); }
  function sending() { var form = saving(); return !!form && form.matches(".htmx-request"); }
  function own(node) { return !!node && !!node.form && node.form === saving(); }
  function leave() {
    if (!leaving) return;
    var link = leaving.link;
    clearTimeout(leaving.last);
    leaving = null;
    link.removeAttribute("aria-busy");
    location.href = link.href;
  }
  on("focusin", function (event) { if (own(event.target)) last = event.target; });
  on("input", function (event) { typed = typed || own(event.target); });
  on("htmx:beforeRequest", function (event) { if (event.detail.elt === saving()) typed = false; });
  /* Saved or refused: what is not saved, the browser asks about, and its copy stays. A queued one comes at once. */
  on("htmx:afterRequest", function () { setTimeout(function () { if (!sending()) leave(); }, 30); });
  on("click", function (event) {
    var link = event.target.closest("a[href]");
    if (!link || !saving() || event.defaultPrevented || link.target || link.getAttribute("href")[0] === "#") return;
    if (event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    /* In another language one is at the same field. */
    if (link.hreflang && own(last) && last.id) link.hash = last.id;
    /* Not every browser takes the focus away from a field when a link is tapped. */
    if (typed && !sending()) window.htmx.trigger(saving(), "change");
    if (!sending()) return;
    event.preventDefault();
    if (leaving) { leaving.link = link; return; }
    link.setAttribute("aria-busy", "true");
    leaving = { link: link, last: setTimeout(leave, LONGEST) };
  });
})();
