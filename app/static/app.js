/* What the pages do beyond plain HTML. Everything here is a help: without it every form still works. */
(function () {
  "use strict";
  var doc = document;
  var words = (doc.getElementById("words") || doc.body).dataset;
  var live = doc.getElementById("live");
  var alerts = doc.getElementById("alerts");

  function on(name, act, capture) { doc.addEventListener(name, act, !!capture); }
  function each(selector, act) { doc.querySelectorAll(selector).forEach(act); }
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

  /* ---- what only some pages need is asked for when it is needed; its addresses stand beside the words ---- */
  var files = {}, PRESSED = "[data-guard],[data-press]";
  function need(file, then) {
    var script = files[file];
    if (!script) {
      script = files[file] = doc.head.appendChild(make("script"));
      script.onerror = function () { delete files[file]; };
      script.src = file;
    }
    if (then) script.addEventListener("load", then);
  }
  /* What helps while one writes: with the first field that is used; what presses it, with the first touch. */
  function written(event) {
    var at = event.target;
    if (!at.closest) return;
    if (at.matches("[data-cap],[data-keys],[data-ctrl-enter] *")) need(words.writing);
    if (at.closest(PRESSED)) need(words.press);
  }
  ["focusin", "input", "pointerdown"].forEach(function (name) { on(name, written); });

  /* ---- focus: the server decides where it goes, otherwise it stays where it was ---- */
  var lastId = null;
  function typing() { return /^(INPUT|TEXTAREA|SELECT)$/.test(doc.activeElement.tagName); }
  function focusAsked(verb) {
    var target = doc.querySelector("[data-focus]");
    if (!target) return false;
    /* One asks in vain beside another, and must not ask again after the next autosave. */
    each("[data-focus]", function (node) { node.removeAttribute("data-focus"); });
    /* An autosave was not pressed: who types on keeps the field, and is told. */
    if (verb === "patch" && typing()) { complain(target.textContent); return true; }
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
  on("baige:shown", announce);
  on("htmx:beforeSwap", function () {
    var active = doc.activeElement;
    lastId = active && active !== doc.body ? active.id : null;
  });
  on("htmx:afterSettle", function (event) {
    if (event.target.querySelector && (event.target.matches("form, main") || event.target.querySelector("form, .errsum"))) titled();
    announce();
    if (focusAsked((event.detail.requestConfig || {}).verb)) return;
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
  function lostLine(form, status) {
    unsaved = form;
    var line = doc.getElementById("save-status");
    if (line) { line.classList.add("bad"); line.textContent = words.unsaved + (status && status < 500 ? "" : ": " + words.again); }
  }
  function failed(message) {
    return function (event) {
      if (quiet(event.detail.elt)) { stale(true); return; }
      if (!event.detail.xhr.status && event.detail.elt.matches("[data-upload]")) return;
      if (!isAutosave(event)) { if (event.detail.requestConfig) complain(words.broken); return; }
      lostLine(formOf(event.detail.elt), event.detail.xhr.status);
      if (own.parked(unsaved)) return;
      /* Not our fault, and no second try helps: presence.js says who is out of the team. */
      if (event.detail.xhr.status === 404) { if (!doc.querySelector("[data-gone]")) complain(words.broken); return; }
      complain(event.type !== "htmx:responseError" && unsaved.dataset.offline || message, again);
    };
  }
  function stale(is) { var dot = doc.getElementById("stale"); if (dot) dot.hidden = !is; }
  function quiet(node) { return !!(node && node.closest && node.closest("[data-refresh]")); }
  on("htmx:sendError", failed(words.offline));
  on("htmx:timeout", failed(words.offline));
  on("htmx:responseError", failed(words.failed));
  function retry() { own.retry(); }
  window.addEventListener("online", retry);
  /* Signed out: the panel says so, and whoever comes back from signing in elsewhere goes on. */
  var ended = doc.getElementById("session");
  function goOn() { if (ended && ended.firstElementChild) again(); }
  window.addEventListener("focus", goOn);
  on("click", function (event) { if (event.target.closest("[data-retry]")) goOn(); });
  setInterval(function () { if (lost !== null && navigator.onLine) retry(); }, 15000);

  /* ---- leaving with unsaved text: only where the form asks for it ---- */
  var typed = new WeakMap();
  function dirt(form) { return typed.get(form) || { now: 0, saved: 0, sent: 0 }; }
  function edited(event) {
    var form = formOf(event.target);
    if (!form || form === event.target || !form.matches("[data-guard]")) return;
    var state = dirt(form);
    state.now += 1;
    typed.set(form, state);
    unsaid(form);
  }
  /* What stands at the foot was true of the words before these. */
  function unsaid(form) {
    var line = doc.getElementById("save-status");
    if (line && form.matches("[hx-patch]") && !line.matches(".bad")) line.textContent = words.unsaved;
  }
  /* Before htmx hears of it: what its save carries is counted in it. */
  on("input", edited, true);
  on("change", edited, true);
  on("htmx:beforeRequest", function (event) {
    var form = formOf(event.detail.elt);
    if (form && typed.has(form)) typed.get(form).sent = typed.get(form).now;
  });
  on("htmx:afterRequest", function (event) {
    var form = formOf(event.detail.elt);
    if (form) release(form);
    /* For htmx a refusal that is shown is a success; for what was typed only a save is one. */
    var status = event.detail.xhr.status, saved = status >= 200 && status < 300;
    if (status === 401 && isAutosave(event)) { lostLine(form, status); calm(); return; }
    if (!event.detail.successful) return;
    if (saved && form && typed.has(form)) typed.get(form).saved = typed.get(form).sent;
    if (quiet(event.detail.elt)) { stale(false); return; }
    var line = doc.getElementById("save-status");
    if (line && isAutosave(event)) line.classList.toggle("bad", !saved);
    if (saved && isAutosave(event)) {
      unsaved = null;
      if (ended) ended.textContent = "";
      if (dirt(form).now > dirt(form).saved) unsaid(form);
    }
    calm();
    if (saved && own.retry !== again && !own.press) retry();
  });
  var leaving = false;
  window.addEventListener("beforeunload", function (event) {
    if (leaving) return;
    each("form[data-guard]", function (form) {
      var state = dirt(form);
      if (state.now > state.saved) { event.preventDefault(); event.returnValue = ""; }
    });
  });

  /* ---- what is written is pressed by press.js, which nothing that hangs can keep from saying so ---- */
  var own = window.baige = {
    words: words, on: on, say: say, complain: complain, calm: calm, again: again, retry: again, isAutosave: isAutosave,
    submit: submit, told: told, release: release, PRESSED: PRESSED,
    wait: function (form) { unsaved = form; },
    parked: function () { return false; },
    leave: function () { leaving = true; }
  };
  function submit(form, button) { form.requestSubmit(doc.contains(button) ? button : null); }
  on("submit", function (event) {
    var form = event.target, button = event.submitter;
    if (own.press || !form.matches(PRESSED)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    need(words.press, function () { submit(form, button); });
    own.retry = function () { delete files[words.press]; submit(form, button); };
    setTimeout(function () { if (!own.press) told(form, button); }, 4000);
  }, true);
  function told(form, button) {
    var pressed = button || form.querySelector("[data-primary]") || form.querySelector("button:not([type=button])");
    complain(words.held.replace("{1}", pressed.textContent.replace(/\s+/g, " ").trim()), retry);
  }

  /* ---- a second press within three seconds is the same press ---- */
  var HOLD = 3000, held = new WeakMap();
  on("htmx:beforeRequest", function (event) {
    /* What was pressed has sent the same words: an autosave after it could only meet them. */
    if (isAutosave(event) && held.has(formOf(event.detail.elt))) event.preventDefault();
  });
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
    var hold = { button: button, timer: setTimeout(function () { release(form); }, HOLD) };
    held.set(form, hold);
    setTimeout(function () { if (held.get(form) === hold && doc.contains(form)) say(words.wait); }, 1500);
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
      if (typing()) complain(title.textContent); else title.focus();
    }, Math.min(Math.max(0, left - WARNED), 2e9));
  });

  /* ---- copies in this browser (local.js) end when the server has them, and with leaving a draft or the session ---- */
  function forget(start) {
    try {
      Object.keys(localStorage).forEach(function (key) { if (key.indexOf("baige:" + start) === 0) localStorage.removeItem(key); });
    } catch (error) { /* A browser that keeps nothing has nothing to forget. */ }
  }
  on("submit", function (event) {
    var within = navigator.onLine && event.target.closest("[data-forget]");
    if (within) forget(within.dataset.forget);
  });

  /* ---- when the page is there ---- */
  var aimed = doc.getElementById(location.hash.slice(1));
  if (!focusAsked() && aimed && aimed.form) aimed.focus();
  announce();
})();
