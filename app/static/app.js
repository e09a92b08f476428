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
  var files = {};
  function need(file) {
    if (!file || files[file]) return;
    files[file] = true;
    doc.head.appendChild(make("script")).src = file;
  }
  /* What helps while one writes: with the first field that is used. */
  function written(event) { if (event.target.matches && event.target.matches("[data-cap],[data-keys],[data-ctrl-enter] *")) need(words.writing); }
  on("focusin", written);
  on("input", written);

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
  /* `away`: the form of which nothing has reached the server when it last tried. */
  var unsaved = null, away = null;
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
      away = event.detail.xhr.status ? null : unsaved;
      if (parked && parked.form === unsaved) { complain(words.held, retry); return; }
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
  }
  on("input", edited);
  on("change", edited);
  on("input", typesOn);
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
  function wait(form, button, go, plain) {
    if (waiting.has(form)) return;
    if (button) button.setAttribute("aria-busy", "true");
    waiting.set(form, {
      button: button,
      go: go,
      plain: plain,
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
    /* Without a network the page stays, with all that is typed, what was pressed and the word that it waits. */
    if (!event.detail.xhr.status) {
      var press = unwait(form);
      if (press && press.plain) parked = { form: form, button: press.button };
      return;
    }
    away = null;
    if (!flying.get(form)) setTimeout(function () { resume(form); if (parked && parked.form === form) unpark(); }, 30);
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
    var cut = form.matches("[data-guard]") && (form === away || !navigator.onLine);
    if (!cut && !flying.get(form) && !waiting.has(form)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (cut) park(form, button); else wait(form, button, function () { submit(form, button); }, true);
  }, true);
  function submit(form, button) { form.requestSubmit(doc.contains(button) ? button : null); }

  /* ---- without a network a press waits on its page: a plain one would end on the browser's own page of errors ---- */
  var parked = null;
  function park(form, button) {
    parked = { form: form, button: button };
    if (form.matches("[hx-patch]")) unsaved = form;
    complain(words.held, retry);
    if (navigator.onLine) retry();
  }
  /* Its text goes first, and the press once that has been answered; what never saves itself is pressed again. */
  function retry() {
    if (!parked || parked.form.matches("[hx-patch]")) again();
    else if (navigator.onLine) unpark();
  }
  function unpark() {
    var held = parked;
    parked = null;
    calm();
    if (doc.contains(held.form)) submit(held.form, held.button);
  }
  /* Who types on is not done yet, and presses again. */
  function typesOn(event) {
    if (!parked || formOf(event.target) !== parked.form) return;
    complain(parked.form.dataset.offline || words.offline, again);
    parked = null;
  }

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
