/* Pages that follow a stage: the hall's screen, its control, the presenter's monitor, the audience's phones.

   The stream says only a number. A page that has another one fetches what it means; it never goes back to a
   smaller one. Whatever else happens (a stream that ended, one that went silent, no network, a screen that
   slept), the page asks by itself every five seconds, and says that it has no connection. */
(function () {
  "use strict";
  var doc = document, root = doc.querySelector("[data-stream]");
  if (!root) return;
  var STREAM = root.dataset.stream, PART = root.dataset.part, ID = root.dataset.follow;
  var BEAT = 25000, LATE = 12000, POLL = 5000, LONGEST = 8000;
  /* What only the control shows changes without a number: it asks as if there were no stream. */
  var SYNC = root.hasAttribute("data-often") ? POLL : 60000;
  var shown = Number(root.dataset.number), last = "";
  var source = null, opened = 0, heard = Date.now(), good = Date.now(), asked = 0, ticked = Date.now();
  var asking = false, again = false;

  /* ---- the server's clock: what it said, and how long ago that was ---- */
  var told = null, trip = Infinity;
  function learn(now, took) {
    var guess = now + took / 2, known = server();
    /* Better than the last time, or ours was set or slept in between. */
    if (told === null || took <= trip || Math.abs(guess - known) > took + 250) {
      told = guess - performance.now();
      trip = took;
    }
  }
  function server() { return told === null ? Date.now() : told + performance.now(); }

  /* ---- asking ---- */
  function mark(lost) {
    var sign = doc.getElementById("stale");
    if (sign) sign.hidden = !lost;
  }
  function ask(afresh) {
    if (asking) { again = true; return; }
    asking = true;
    again = false;
    asked = Date.now();
    var began = performance.now(), stop = new AbortController();
    var late = setTimeout(function () { stop.abort(); }, LONGEST);
    var then = shown, have = afresh === true ? "" : shown, part = doc.getElementById(ID);
    if (part && part.dataset.state) have += "&s=" + encodeURIComponent(part.dataset.state);
    fetch(PART + (PART.indexOf("?") < 0 ? "?" : "&") + "v=" + have, {
      headers: { "HX-Request": "true" }, cache: "no-store", signal: stop.signal
    }).then(function (answer) {
      var now = Number(answer.headers.get("Stage-Now"));
      if (now) learn(now, performance.now() - began);
      if (answer.status === 204) return null;
      if (!answer.ok || answer.redirected || !now) throw new Error("no answer");
      var number = Number(answer.headers.get("Stage-Number"));
      /* What a press has shown meanwhile is not put there again: a tap on it would fall between the two. */
      return answer.text().then(function (text) { if (number > shown || (number === shown && shown === then)) put(text, number); });
    }).then(function () { good = Date.now(); mark(false); }, function () { mark(true); }).then(function () {
      clearTimeout(late);
      asking = false;
      if (again) ask();
    });
  }
  function put(text, number, pressed) {
    var old = doc.getElementById(ID), typing = old && old.contains(doc.activeElement) && doc.activeElement.matches("textarea");
    /* Who is writing goes on; what is written is held against what it was, not against a number. */
    if (!old || (typing && !pressed)) return;
    shown = number;
    if (text === last && !pressed) return;
    last = text;
    var focus = old.contains(doc.activeElement) ? doc.activeElement.id : "";
    var unfolded = Array.prototype.map.call(old.querySelectorAll("details[open][id]"), function (each) { return each.id; });
    old.outerHTML = text;
    /* What somebody has unfolded stays so, but for the name of who is next. */
    unfolded.forEach(function (id) { var part = doc.getElementById(id); if (part && id !== "who-next") part.open = true; });
    var home = focus && doc.getElementById(focus);
    if (home) home.focus({ preventScroll: true });
    paint();
  }

  /* ---- listening ---- */
  function hear(event) {
    heard = Date.now();
    if (Number(event.data) > shown) ask();
    else if (!asking) { good = heard; mark(false); }
  }
  function listen() {
    if (source) source.close();
    source = null;
    /* A browser opens six connections to a place: what nobody looks at needs none. */
    if (doc.hidden || !window.EventSource) return;
    opened = Date.now();
    source = new EventSource(STREAM);
    source.addEventListener("message", hear);
    source.addEventListener("alive", hear);
  }
  function back() {
    if (doc.hidden) { if (source) source.close(); source = null; return; }
    heard = Date.now();
    listen();
    ask();
  }
  function tick() {
    var now = Date.now(), slept = now - ticked > POLL + 1000;
    ticked = now;
    if (doc.hidden) return;
    if (slept) { back(); return; }
    var dead = !source || source.readyState === 2 || now - heard > BEAT;
    if (dead && now - opened > POLL) listen();
    var silent = !source || source.readyState !== 1 || now - heard > LATE;
    if (now - asked >= (silent ? POLL : SYNC)) ask();
    if (now - good > LATE + POLL) mark(true);
  }
  setInterval(tick, 1000);
  doc.addEventListener("visibilitychange", back);
  doc.addEventListener("resume", back);
  window.addEventListener("online", back);
  window.addEventListener("offline", function () { mark(true); });
  window.addEventListener("pageshow", function (event) { if (event.persisted) back(); });

  /* ---- clocks ---- */
  function each(selector, act) { Array.prototype.forEach.call(doc.querySelectorAll(selector), act); }
  function two(n) { return (n < 10 ? "0" : "") + n; }
  function say(node, text) { if (node && node.textContent !== text) node.textContent = text; }
  function paint() {
    each("[data-until],[data-stays]", function (clock) {
      var held = clock.dataset.stays !== undefined;
      var left = Math.ceil((held ? Number(clock.dataset.stays) : Number(clock.dataset.until) - server()) / 1000);
      var whole = Math.abs(left), low = left <= 60 && left > 0, out = left <= 0;
      say(clock, (left < 0 ? "+" : "") + Math.floor(whole / 60) + ":" + two(whole % 60));
      clock.classList.toggle("low", low);
      clock.classList.toggle("out", out);
      var word = doc.getElementById("clock-word");
      if (word) say(word, out ? word.dataset.out : low ? word.dataset.low : held ? word.dataset.held : "");
    });
    if (told !== null) each("[data-zone]", function (clock) {
      var here = new Date(server() + Number(clock.dataset.zone) * 60000);
      say(clock, two(here.getUTCHours()) + ":" + two(here.getUTCMinutes()) + ":" + two(here.getUTCSeconds()));
    });
  }
  setInterval(paint, 250);

  /* ---- the first tap of a reveal is forgotten after some seconds ---- */
  function forget() {
    each("[data-disarm]", function (armed) {
      setTimeout(function () { if (doc.contains(armed)) ask(true); }, Number(armed.dataset.disarm) * 1000);
    });
  }
  forget();

  /* ---- a press goes from here and the page stays: without a network it would end on the browser's own page of
     errors. What did not arrive is not sent later by itself: by then another scene may be on. ---- */
  function press(where, options) {
    var stop = new AbortController(), late = setTimeout(function () { stop.abort(); }, LONGEST);
    options.cache = "no-store";
    options.signal = stop.signal;
    unpressed(false);
    return fetch(where, options).then(function (answer) {
      var number = Number(answer.headers.get("Stage-Number"));
      return answer.text().then(function (text) {
        var page = new DOMParser().parseFromString(text, "text/html"), part = page.getElementById(ID);
        /* Signed out, or not there any more: the page itself says so. */
        if (!part) { location.assign(PART); return; }
        if (number < shown) { ask(true); return; }
        flash(page.querySelector(".flash"));
        /* The stream can be faster than the answer: what stands there already is not put there under a thumb again. */
        if (number > shown || other(part)) put(part.outerHTML, number, true);
        forget();
        good = Date.now();
        mark(false);
      });
    }).then(null, function () { mark(true); unpressed(true); }).then(function () { clearTimeout(late); });
  }
  function other(part) {
    var old = doc.getElementById(ID), said = "#refused,#armed";
    return part.dataset.state !== old.dataset.state || !!part.querySelector(said) || !!old.querySelector(said);
  }
  function unpressed(is) {
    var sign = doc.getElementById("unpressed");
    if (sign) sign.hidden = !is;
  }
  function flash(said) {
    var old = doc.querySelector(".flash");
    if (old) old.remove();
    if (said) { root.before(said); doc.dispatchEvent(new Event("baige:shown")); }
  }
  if (root.hasAttribute("data-presses")) {
    doc.addEventListener("submit", function (event) {
      if (event.defaultPrevented || !root.contains(event.target)) return;
      event.preventDefault();
      press(event.target.action, { method: "POST", body: new URLSearchParams(new FormData(event.target)) });
    });
    doc.addEventListener("click", function (event) {
      var link = event.target.closest && event.target.closest("#arm,#disarm");
      if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      press(link.href, {});
    });
  }

  /* ---- a screen that stays on, and fills the wall ---- */
  if (root.hasAttribute("data-awake")) {
    var wake = null;
    var lock = function () {
      if (doc.hidden || !navigator.wakeLock || wake) return;
      navigator.wakeLock.request("screen").then(function (got) {
        wake = got;
        got.addEventListener("release", function () { wake = null; });
      }, function () { wake = null; });
    };
    lock();
    doc.addEventListener("visibilitychange", lock);
    doc.addEventListener("click", lock);
    setInterval(lock, 30000);
    each("button[data-fullscreen]", function (button) {
      if (!doc.documentElement.requestFullscreen) return;
      button.hidden = false;
      /* Only while somebody moves the pointer: where it then rests, it rests all evening. */
      var rests = 0;
      doc.addEventListener("pointermove", function () {
        doc.body.classList.add("pointed");
        clearTimeout(rests);
        rests = setTimeout(function () { doc.body.classList.remove("pointed"); }, 3000);
      });
      button.addEventListener("click", function () {
        if (doc.fullscreenElement) doc.exitFullscreen(); else doc.documentElement.requestFullscreen();
      });
    });
  }

  listen();
  ask();
})();
