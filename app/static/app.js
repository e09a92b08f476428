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
    target.removeAttribute("data-focus");
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
  var unsaved = null;
  function isAutosave(event) {
    var config = event.detail && event.detail.requestConfig;
    var form = formOf(event.detail.elt);
    return !!config && !!form && (config.verb === "patch" || event.detail.elt.matches("[data-autosave]"));
  }
  function again() { if (unsaved && doc.contains(unsaved) && window.htmx) window.htmx.trigger(unsaved, "change"); }
  function failed(message) {
    return function (event) {
      if (quiet(event.detail.elt)) { stale(true); return; }
      var sending = upload(event.detail.elt);
      if (sending && !event.detail.xhr.status) {
        complain(sending.dataset.lost, function () { calm(); sending.requestSubmit(); });
        return;
      }
      if (!isAutosave(event)) { if (event.detail.requestConfig) complain(words.broken); return; }
      unsaved = formOf(event.detail.elt);
      var line = doc.getElementById("save-status");
      if (line) { line.classList.add("bad"); line.textContent = words.unsaved; }
      complain(message, again);
    };
  }
  function stale(is) { var dot = doc.getElementById("stale"); if (dot) dot.hidden = !is; }
  function quiet(node) { return !!(node && node.closest && node.closest("[data-refresh]")); }
  on("htmx:sendError", failed(words.offline));
  on("htmx:timeout", failed(words.offline));
  on("htmx:responseError", failed(words.failed));
  window.addEventListener("online", again);
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
    if (!event.detail.successful) return;
    if (form && typed.has(form)) typed.get(form).saved = typed.get(form).sent;
    if (quiet(event.detail.elt)) { stale(false); return; }
    var line = doc.getElementById("save-status");
    if (line) line.classList.remove("bad");
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

  /* ---- a file on its way: how far it is, in words; too large is said before it is sent; a lost one is sent again ---- */
  function upload(node) { var form = formOf(node); return form && form.matches("[data-upload]") ? form : null; }
  function tell(form, text) { form.querySelector("[role=status]").textContent = text; }
  function tooLarge(form) {
    var input = form.querySelector("[type=file]"), error = form.querySelector(".emsg");
    var large = !!input.files[0] && input.files[0].size > Number(form.dataset.upload);
    if (!large && input.getAttribute("aria-invalid") !== "true") return false;
    error.hidden = !large;
    error.lastElementChild.textContent = large ? form.dataset.large : "";
    input.closest(".field").classList.toggle("bad", large);
    if (!large) { input.removeAttribute("aria-invalid"); return false; }
    input.setAttribute("aria-invalid", "true");
    input.setAttribute("aria-describedby", input.id + "-hint " + error.id);
    return true;
  }
  on("change", function (event) { var form = upload(event.target); if (form && event.target.type === "file") tooLarge(form); });
  on("submit", function (event) {
    if (!upload(event.target) || !tooLarge(event.target)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    release(event.target);
    event.target.querySelector("[type=file]").focus();
  }, true);
  on("htmx:xhr:progress", function (event) {
    var form = upload(event.target), sent = event.detail;
    if (!form || !sent.lengthComputable) return;
    var part = Math.floor(sent.loaded / sent.total * 10) * 10;
    if (form.dataset.part === String(part)) return;
    form.dataset.part = part;
    tell(form, part < 100 ? form.dataset.sending + ": " + part + " %" : form.dataset.checking + "…");
  });
  on("htmx:afterRequest", function (event) {
    var form = upload(event.detail.elt);
    if (form && doc.contains(form)) { delete form.dataset.part; tell(form, ""); }
  });

  /* ---- Ctrl+Enter ---- */
  on("keydown", function (event) {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    var form = formOf(event.target);
    if (!form || !form.matches("[data-ctrl-enter]")) return;
    event.preventDefault();
    form.requestSubmit(form.querySelector("[data-primary]"));
  });

  /* ---- characters: counted as `clean` in app/sections/text.py counts them: unseen marks gone, NFC, code points ---- */
  var pause = 0;
  var unseen = /[\u00ad\u200b\u200c\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ud800-\udfff]/gu;
  function length(text) {
    return Array.from(text.replace(/\r\n?|\u2028|\u2029/g, "\n").replace(unseen, "").normalize("NFC")).length;
  }
  function count(field) {
    var out = doc.getElementById(field.id + "-count");
    if (!out) return "";
    if (out.dataset.plain === undefined) out.dataset.plain = out.textContent;
    var cap = Number(field.dataset.cap), used = length(field.value), left = cap - used;
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
    if (!window.htmx) { reload(); return; }
    each("[data-refresh]", function (node) {
      var now = Date.now(), wait = Number(node.dataset.refresh) * 1000;
      if (!asked.has(node)) { asked.set(node, now); if (!force) return; }
      if (!force && now - asked.get(node) < wait) return;
      asked.set(node, now);
      window.htmx.trigger(node, "refresh");
    });
  }
  /* A hall whose network does not reach htmx still sees every winner: the whole page comes again, if it answers. */
  var reloads = Date.now() + 5000;
  function reload() {
    if (!stage || Date.now() < reloads) return;
    reloads = Date.now() + 5000;
    fetch(location.href).then(function (answer) {
      stale(!answer.ok);
      if (answer.ok) location.reload();
    }, function () { stale(true); });
  }
  setInterval(refresh, 1000);
  on("visibilitychange", function () { refresh(true); lock(); });

  /* ---- the stage: full screen, a screen that stays on, a clock that follows the server's ---- */
  var stage = doc.body.hasAttribute("data-stage"), wake = null;
  function lock() {
    if (!stage || doc.hidden || !navigator.wakeLock) return;
    navigator.wakeLock.request("screen").then(function (got) { wake = got; }, function () { wake = null; });
  }
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

  /* ---- when the page is there ---- */
  each("[data-cap]", count);
  focusAsked();
  announce();
})();
