/* A press of a form that is written in. It waits for the autosave under way, whose version it needs; it asks by itself
   and does not leave the page before it is answered; and where nothing answers it says so at the top within seconds,
   stays with all that is typed, and is done once there is a connection. Asked for by app.js with the first touch. */
(function () {
  "use strict";
  var doc = document, app = window.baige, words = app.words, on = app.on, told = app.told;
  if (app.press) return;
  var SLOW = 4000, LONGEST = 15000;
  /* `away`: the form of which nothing has reached the server when it last tried. `parked`: what was pressed and waits. */
  var away = null, parked = null, plain = null, waiting = new WeakMap(), going = new WeakSet();

  function saving(form) { return form.matches(".htmx-request"); }
  function stop(event) { event.preventDefault(); event.stopImmediatePropagation(); }
  function busy(button, is) { if (button) { if (is) button.setAttribute("aria-busy", "true"); else button.removeAttribute("aria-busy"); } }

  /* ---- it waits for the autosave under way: it would send the version from before it ---- */
  function wait(form, button, go, press) {
    if (waiting.has(form)) return;
    busy(button, true);
    waiting.set(form, {
      button: button,
      go: go,
      press: press,
      slow: setTimeout(function () { app.say(words.wait); }, 1500),
      slower: setTimeout(function () { if (press) told(form, button); }, SLOW)
    });
  }
  function unwait(form) {
    var press = waiting.get(form);
    if (!press) return null;
    waiting.delete(form);
    clearTimeout(press.slow);
    clearTimeout(press.slower);
    busy(press.button, false);
    return press;
  }
  function resume(form) {
    if (saving(form)) return;
    var press = unwait(form);
    if (press && doc.contains(form)) press.go();
  }
  on("htmx:beforeRequest", function (event) {
    if (app.isAutosave(event) && going.has(event.detail.elt.closest("form"))) event.preventDefault();
  });
  on("htmx:afterRequest", function (event) {
    if (!app.isAutosave(event)) return;
    var form = event.detail.elt.closest("form");
    /* Without an answer the page stays, with all that is typed, what was pressed and the word that it waits. */
    if (!event.detail.xhr.status) {
      var press = unwait(form);
      away = form;
      if (press && press.press) parked = { form: form, button: press.button };
      return;
    }
    away = null;
    setTimeout(function () {
      if (saving(form)) return;
      resume(form);
      if (parked && parked.form === form) unpark();
    }, 30);
  });
  on("htmx:confirm", function (event) {
    var pressed = event.detail, form = pressed.elt.closest("form");
    if (!form || pressed.elt === form || pressed.verb === "get") return;
    if (!saving(form) && !waiting.has(form)) return;
    event.preventDefault();
    wait(form, pressed.elt, function () { window.htmx.trigger(form, "htmx:abort"); pressed.issueRequest(true); });
  });
  /* Before app.js hears of it, which would take the next press for the same one. */
  window.addEventListener("submit", function (event) {
    var form = event.target, button = event.submitter;
    if (going.has(form)) { stop(event); return; }
    var cut = form.matches(app.PRESSED) && (form === away || !navigator.onLine);
    if (!cut && !saving(form) && !waiting.has(form)) return;
    stop(event);
    if (cut) park(form, button); else wait(form, button, function () { app.submit(form, button); }, true);
  }, true);

  /* ---- it asks by itself: a page of the browser's own would come where nothing answers ---- */
  window.addEventListener("submit", function (event) {
    var form = event.target, button = event.submitter;
    if (event.defaultPrevented || plain === form || form.method !== "post" || !form.matches(app.PRESSED)) return;
    event.preventDefault();
    send(form, button, button && button.hasAttribute("formaction") ? button.formAction : form.action);
  });
  function send(form, button, address) {
    var ending = new AbortController(), data = new FormData(form), packed = form.enctype === "multipart/form-data";
    if (button && button.name) data.append(button.name, button.value);
    going.add(form);
    busy(button, true);
    var slow = setTimeout(function () { told(form, button); }, SLOW);
    var last = setTimeout(function () { ending.abort(); }, LONGEST);
    function over() {
      clearTimeout(slow);
      clearTimeout(last);
      going.delete(form);
      app.release(form);
      busy(button, false);
    }
    fetch(address, { method: "POST", body: packed ? data : new URLSearchParams(data), headers: { "Press": "on" }, signal: ending.signal })
      .then(function (answer) {
        var next = answer.headers.get("Press-On") || (answer.redirected ? answer.url : "");
        if (next) { clearTimeout(slow); clearTimeout(last); leave(next); return null; }
        if (answer.status >= 500) { over(); parked = null; app.complain(words.failed, function () { app.calm(); app.submit(form, button); }); return null; }
        if (!/^text\/html/.test(answer.headers.get("Content-Type") || "")) {
          /* A file to take along: that is for the browser itself. */
          over(); plain = form; app.submit(form, button); plain = null;
          return null;
        }
        return answer.text().then(function (page) { over(); show(page, address); });
      })
      .catch(function () { over(); park(form, button, true); });
  }
  function leave(next) {
    app.leave();
    parked = null;
    app.calm();
    /* To another place of this very page a browser would only scroll. */
    var same = new URL(next, location).href.split("#")[0] === location.href.split("#")[0];
    location.assign(next);
    if (same && next.indexOf("#") > 0) location.reload();
  }
  window.addEventListener("pageshow", function (event) { if (event.persisted) going = new WeakSet(); });
  /* A page that is no success is the answer to what was pressed, as if the browser had asked. */
  function show(page, address) {
    app.leave();
    parked = null;
    app.calm();
    history.replaceState(null, "", new URL(address).pathname);
    doc.open();
    doc.write(page);
    doc.close();
  }

  /* ---- without a connection it waits on its page ---- */
  function park(form, button, asked) {
    parked = { form: form, button: button, asked: asked };
    if (form.matches("[hx-patch]")) app.wait(form);
    told(form, button);
    if (!asked && navigator.onLine) retry();
  }
  /* Its text goes first, and the press once that has been answered. What never saves itself, and what may have arrived
     already, is pressed again: the same words once more are no change. */
  function retry() {
    if (!parked || !parked.asked && parked.form.matches("[hx-patch]")) app.again();
    else if (navigator.onLine) unpark();
  }
  function unpark() {
    var held = parked;
    parked = away = null;
    if (doc.contains(held.form)) app.submit(held.form, held.button); else app.calm();
  }
  /* Who types on is not done yet, and presses again. */
  on("input", function (event) {
    if (!parked || event.target.form !== parked.form) return;
    app.complain(parked.form.dataset.offline || words.offline, app.again);
    parked = null;
  });

  /* A link would end on that page too. */
  window.addEventListener("click", function (event) {
    var link = event.target.closest("a[href]");
    if (!away || !link || link.target || link.getAttribute("href")[0] === "#" || event.ctrlKey || event.metaKey || event.shiftKey) return;
    stop(event);
    app.complain(away.dataset.offline || words.offline, app.again);
  }, true);

  app.retry = retry;
  app.parked = function (form) {
    if (!parked || parked.form !== form) return false;
    told(form, parked.button);
    return true;
  };
  app.press = true;
})();
