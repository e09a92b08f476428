/* What the pages do beyond plain HTML. Everything here is a help: without it every form still works. */
(function () {
  "use strict";
  var doc = document;
  var words = (doc.getElementById("words") || doc.body).dataset;
  var live = doc.getElementById("live");
  var alerts = doc.getElementById("alerts");

  function on(name, act, capture) { doc.addEventListener(name, act, !!capture); }
  function each(selector, act) { Array.prototype.forEach.call(doc.querySelectorAll(selector), act); }
  function formOf(node) { return node && node.closest ? node.closest("form") : null; }
  function say(text) {
    if (!live) return;
    live.textContent = "";
    setTimeout(function () { live.textContent = text; }, 100);
  }
  var said = new WeakSet();
  function announce() {
    each("[data-announce]", function (node) {
      if (said.has(node)) return;
      said.add(node);
      setTimeout(function () { say(node.textContent.trim()); }, 300);
    });
  }
  function make(tag, text, name) {
    var node = doc.createElement(tag);
    if (text) node.textContent = text;
    if (name) node.className = name;
    return node;
  }

  /* ---- focus: the server decides where it goes, otherwise it stays where it was ---- */
  var lastId = null;
  function focusAsked() {
    var target = doc.querySelector("[data-focus]");
    if (!target) return false;
    /* One asks in vain beside another, and must not ask again after the next autosave. */
    each("[data-focus]", function (node) { node.removeAttribute("data-focus"); });
    if (target.tabIndex < 0 && !target.hasAttribute("tabindex")) target.setAttribute("tabindex", "-1");
    target.focus();
    return true;
  }
  function titled() {
    if (!words.error) return;
    var refused = !!doc.querySelector(".errsum");
    var plain = doc.title.indexOf(words.error) === 0 ? doc.title.slice(words.error.length).trim() : doc.title;
    doc.title = refused ? words.error + " " + plain : plain;
  }
  on("htmx:beforeSwap", function () {
    var active = doc.activeElement;
    lastId = active && active !== doc.body ? active.id : null;
  });
  on("htmx:afterSettle", function (event) {
    if (event.target.querySelector && (event.target.matches("form, main") || event.target.querySelector("form, .errsum"))) titled();
    each("[data-cap]", count);
    announce();
    if (focusAsked()) return;
    if (!doc.activeElement || doc.activeElement === doc.body) {
      var home = (lastId && doc.getElementById(lastId)) || doc.querySelector("[data-focus-home]");
      if (home) home.focus();
    }
  });

  /* ---- lost requests: said once, the text stays, one button tries again ---- */
  var lost = null;
  function complain(message, retry) {
    if (!alerts || lost === message) return;
    lost = message;
    alerts.textContent = "";
    alerts.appendChild(make("p", message));
    var button = make("button", retry ? words.retry : words.close, "btn sec small");
    button.type = "button";
    button.addEventListener("click", retry || calm);
    alerts.appendChild(button);
  }
  function calm() {
    if (lost === null) return;
    lost = null;
    if (alerts.contains(doc.activeElement)) doc.getElementById("main").focus();
    alerts.textContent = "";
  }
  on("baige:lost", function (event) {
    complain(event.detail.message, function () { calm(); event.detail.again(); });
  });
  var unsaved = null;
  function isAutosave(event) {
    var config = event.detail && event.detail.requestConfig;
    var form = formOf(event.detail.elt);
    return !!config && !!form && (config.verb === "patch" || event.detail.elt.matches("[data-autosave]"));
  }
  function again() { if (unsaved && doc.contains(unsaved) && window.htmx) window.htmx.trigger(unsaved, "change"); }
  function lostLine(form) {
    unsaved = form;
    var line = doc.getElementById("save-status");
    if (line) { line.classList.add("bad"); line.textContent = words.unsaved; }
  }
  function failed(message) {
    return function (event) {
      if (quiet(event.detail.elt)) { stale(true); return; }
      if (!event.detail.xhr.status && event.detail.elt.matches("[data-upload]")) return;
      if (!isAutosave(event)) { if (event.detail.requestConfig) complain(words.broken); return; }
      lostLine(formOf(event.detail.elt));
      complain(event.type !== "htmx:responseError" && unsaved.dataset.offline || message, again);
    };
  }
  function stale(is) { var dot = doc.getElementById("stale"); if (dot) dot.hidden = !is; }
  function quiet(node) { return !!(node && node.closest && node.closest("[data-refresh]")); }
  on("htmx:sendError", failed(words.offline));
  on("htmx:timeout", failed(words.offline));
  on("htmx:responseError", failed(words.failed));
  window.addEventListener("online", again);
  /* Signed out: the panel says so, and whoever comes back from signing in elsewhere goes on. */
  var ended = doc.getElementById("session");
  function goOn() { if (ended && ended.firstElementChild) again(); }
  window.addEventListener("focus", goOn);
  on("click", function (event) { if (event.target.closest("[data-retry]")) goOn(); });
  setInterval(function () { if (lost !== null && navigator.onLine) again(); }, 15000);

  /* ---- leaving with unsaved text: only where the form asks for it ---- */
  var typed = new WeakMap();
  function dirt(form) { return typed.get(form) || { now: 0, saved: 0, sent: 0 }; }
  function edited(event) {
    var form = formOf(event.target);
    if (!form || form === event.target || !form.matches("[data-guard]")) return;
    var state = dirt(form);
    state.now += 1;
    typed.set(form, state);
  }
  on("input", edited);
  on("change", edited);
  on("htmx:beforeRequest", function (event) {
    var form = formOf(event.detail.elt);
    if (form && typed.has(form)) typed.get(form).sent = typed.get(form).now;
  });
  on("htmx:afterRequest", function (event) {
    var form = formOf(event.detail.elt);
    if (form) release(form);
    /* For htmx a refusal that is shown is a success; for what was typed only a save is one. */
    var status = event.detail.xhr.status, saved = status >= 200 && status < 300;
    if (status === 401 && isAutosave(event)) { lostLine(form); calm(); return; }
    if (!event.detail.successful) return;
    if (saved && form && typed.has(form)) typed.get(form).saved = typed.get(form).sent;
    if (quiet(event.detail.elt)) { stale(false); return; }
    var line = doc.getElementById("save-status");
    if (line && isAutosave(event)) line.classList.toggle("bad", !saved);
    if (saved && isAutosave(event)) { unsaved = null; if (ended) ended.textContent = ""; }
    calm();
  });
  var leaving = false;
  window.addEventListener("beforeunload", function (event) {
    if (leaving) return;
    each("form[data-guard]", function (form) {
      var state = dirt(form);
      if (state.now > state.saved) { event.preventDefault(); event.returnValue = ""; }
    });
  });

  /* ---- a press waits for the autosave under way: it would send the version from before it ---- */
  var LONGEST = 15000, flying = new WeakMap(), waiting = new WeakMap();
  function wait(form, button, go) {
    if (waiting.has(form)) return;
    if (button) button.setAttribute("aria-busy", "true");
    waiting.set(form, {
      button: button,
      go: go,
      slow: setTimeout(function () { say(words.wait); }, 1500),
      last: setTimeout(function () { flying.delete(form); resume(form); }, LONGEST)
    });
  }
  function unwait(form) {
    var press = waiting.get(form);
    if (!press) return null;
    waiting.delete(form);
    clearTimeout(press.slow);
    clearTimeout(press.last);
    if (press.button) press.button.removeAttribute("aria-busy");
    return press;
  }
  function resume(form) {
    if (flying.get(form)) return;
    var press = unwait(form);
    if (press && doc.contains(form)) press.go();
  }
  on("htmx:beforeRequest", function (event) {
    if (!isAutosave(event)) return;
    var form = formOf(event.detail.elt);
    /* What was pressed has sent the same words: an autosave after it could only meet them. */
    if (held.has(form)) { event.preventDefault(); return; }
    flying.set(form, (flying.get(form) || 0) + 1);
  });
  on("htmx:afterRequest", function (event) {
    if (!isAutosave(event)) return;
    var form = formOf(event.detail.elt);
    flying.set(form, Math.max(0, (flying.get(form) || 0) - 1));
    /* Without a network the page stays, with all that is typed and with the word that it is not saved. */
    if (!event.detail.xhr.status) { unwait(form); return; }
    if (!flying.get(form)) setTimeout(resume, 30, form);
  });
  on("htmx:confirm", function (event) {
    var pressed = event.detail, form = formOf(pressed.elt);
    if (!form || pressed.elt === form || pressed.verb === "get") return;
    if (!flying.get(form) && !waiting.has(form)) return;
    event.preventDefault();
    wait(form, pressed.elt, function () { window.htmx.trigger(form, "htmx:abort"); pressed.issueRequest(true); });
  });
  on("submit", function (event) {
    var form = event.target, button = event.submitter;
    if (!flying.get(form) && !waiting.has(form)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    wait(form, button, function () { form.requestSubmit(doc.contains(button) ? button : null); });
  }, true);

  /* ---- a second press within three seconds is the same press ---- */
  var HOLD = 3000, held = new WeakMap();
  function release(form) {
    var hold = held.get(form);
    if (!hold) return;
    held.delete(form);
    clearTimeout(hold.timer);
    if (hold.button) hold.button.removeAttribute("aria-busy");
  }
  on("submit", function (event) {
    var form = event.target;
    if (form.method === "get") return;
    if (held.has(form)) { event.preventDefault(); event.stopImmediatePropagation(); return; }
    var button = event.submitter && event.submitter.matches(".btn") ? event.submitter : null;
    if (button) button.setAttribute("aria-busy", "true");
    held.set(form, { button: button, timer: setTimeout(function () { release(form); }, HOLD) });
    setTimeout(function () { if (held.has(form)) say(words.wait); }, 1500);
    leaving = !event.defaultPrevented;
    setTimeout(function () { leaving = false; }, 10000);
    setTimeout(function () { if (event.defaultPrevented) leaving = false; }, 0);
  }, true);
  window.addEventListener("pageshow", function (event) {
    if (event.persisted) { leaving = false; each("form", release); }
  });

  /* ---- the session's end: said some minutes before, without taking the focus from who types ---- */
  var WARNED = 300000;
  each("[data-session-ends]", function (panel) {
    var left = Number(panel.dataset.sessionEnds) - Number(panel.dataset.sessionNow);
    setTimeout(function () {
      panel.hidden = false;
      var title = panel.querySelector("h2");
      alerts.textContent = "";
      if (/^(INPUT|TEXTAREA|SELECT)$/.test(doc.activeElement.tagName)) complain(title.textContent); else title.focus();
    }, Math.min(Math.max(0, left - WARNED), 2e9));
  });

  /* ---- copies in this browser (local.js) end when they are saved, with the draft, and with the session ---- */
  function forget(start) {
    try {
      Object.keys(localStorage).forEach(function (key) { if (key.indexOf("baige:" + start) === 0) localStorage.removeItem(key); });
      return sessionStorage;
    } catch (error) { return null; }
  }
  each("[data-forgotten]", function (node) { forget(node.dataset.forgotten); });
  on("submit", function (event) {
    var within = event.target.closest("[data-forget]");
    if (within) forget(within.dataset.forget);
  });
  (function () {
    var kept = forget("-"), sent = kept && kept.getItem("sent");
    if (!sent) return;
    kept.removeItem("sent");
    /* A save leads on by a redirect; a page of errors says that it is saved all the same. */
    var came = performance.getEntriesByType("navigation")[0];
    var led = came && came.type === "navigate" && came.redirectCount > 0 && location.pathname.indexOf("/sign-in") < 0;
    if (led || doc.querySelector("form[data-saved]")) localStorage.removeItem(sent);
  })();

  /* ---- Ctrl+Enter ---- */
  on("keydown", function (event) {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    var form = formOf(event.target);
    if (!form || !form.matches("[data-ctrl-enter]")) return;
    event.preventDefault();
    form.requestSubmit(form.querySelector("[data-primary]"));
  });

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
    if (out.dataset.plain === undefined) out.dataset.plain = out.textContent;
    var cap = Number(field.dataset.cap), used = length(field), left = cap - used;
    var near = used >= cap * 0.75;
    var number = Math.abs(left).toLocaleString(doc.documentElement.lang === "en" ? "en-GB" : "ru-RU");
    out.classList.toggle("near", near && left >= 0);
    out.classList.toggle("over", left < 0);
    out.textContent = near ? (left < 0 ? words.over : words.left) + ": " + number : out.dataset.plain;
    return near ? out.textContent : "";
  }
  on("input", function (event) {
    if (!event.target.matches || !event.target.matches("[data-cap]")) return;
    var text = count(event.target);
    clearTimeout(pause);
    if (text) pause = setTimeout(function () { say(text); }, 1200);
  });

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
    var bar = make("div", "", "keys");
    bar.setAttribute("role", "toolbar");
    bar.setAttribute("aria-label", words.keys);
    bar.lang = "kk";
    Array.from(LETTERS).forEach(function (letter, i) {
      var button = make("button", letter);
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
  if (doc.documentElement.lang === "kk" && words.keys) {
    on("focusin", function (event) {
      var field = event.target;
      if (!field.matches("[data-keys]") || field.readOnly || (field === target && keys && doc.contains(keys))) return;
      target = field;
      keys = keys || keyBar();
      var top = field.getBoundingClientRect().top;
      (field.closest(".affix") || field).insertAdjacentElement("afterend", keys);
      window.scrollBy(0, field.getBoundingClientRect().top - top);
      letterCase();
    });
    on("keyup", letterCase);
    on("selectionchange", function () { if (doc.activeElement === target) letterCase(); });
  }

  /* ---- fresh parts of a page: asked for while somebody looks ---- */
  var asked = new WeakMap();
  function refresh(force) {
    if (doc.hidden) return;
    if (!window.htmx) return;
    each("[data-refresh]", function (node) {
      var now = Date.now(), wait = Number(node.dataset.refresh) * 1000;
      if (!asked.has(node)) { asked.set(node, now); if (!force) return; }
      if (!force && now - asked.get(node) < wait) return;
      asked.set(node, now);
      window.htmx.trigger(node, "refresh");
    });
  }
  setInterval(refresh, 1000);
  on("visibilitychange", function () { refresh(true); });

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

  /* ---- when the page is there ---- */
  each("[data-cap]", count);
  focusAsked();
  announce();
})();
