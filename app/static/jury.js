/* A juror's phone on a bad network: what the server does not have yet is counted, sent later, and in the meantime
   the next team can be scored. The copies themselves are local.js's. */
(function () {
  "use strict";
  var doc = document, line = doc.getElementById("waiting"), START = "baige:", EVERY = 5000;
  var store;
  try { store = window.localStorage; store.getItem(START); } catch (error) { return; }
  if (!line) return;
  var of = START + line.dataset.of, busy = false, differing = {};

  function form() { return doc.getElementById("ballot"); }
  function own() { return form() ? START + form().dataset.local : ""; }
  function keys() { return Object.keys(store).filter(function (key) { return key.indexOf(of) === 0; }); }
  function read(key) { try { return JSON.parse(store.getItem(key)); } catch (error) { return null; } }
  function count() {
    var all = keys();
    line.hidden = !all.length;
    line.querySelector("[data-part=count]").textContent = all.length;
    /* "Save and wait" was pressed without a network; now all of it has arrived. */
    if (!all.length && doc.getElementById("no-connection")) location.href = new URL(form().action).pathname.replace(/\/\d+$/, "");
    if (all.some(function (key) { return differing[key]; })) line.querySelector("[data-part=more]").textContent = line.dataset.differs;
  }
  function body(answers, version) {
    var said = new URLSearchParams();
    Object.keys(answers).forEach(function (name) {
      answers[name].values.forEach(function (value) { said.append(name, value); });
    });
    said.set("version", version);
    return said;
  }
  /* One after the other; the page's own form is sent by htmx, which tries again by itself. */
  function send() {
    count();
    var waiting = keys().filter(function (key) { return key !== own() && !differing[key]; });
    if (busy || !waiting.length || !navigator.onLine) return;
    var key = waiting[0], kept = store.getItem(key), copy = read(key);
    if (!copy || !copy.answers) { store.removeItem(key); return; }
    busy = true;
    fetch(copy.path, { method: "PATCH", headers: { "HX-Request": "true" }, body: body(copy.answers, copy.version) }).then(function (answer) {
      if (answer.ok && store.getItem(key) === kept) store.removeItem(key);
      if (answer.status === 409 || answer.status === 422) differing[key] = true;
      busy = false;
      count();
      if (answer.ok && keys().length) send();
    }, function () { busy = false; });
  }

  /* Save and wait for next: without a network the page stays, and offers the next team. */
  doc.addEventListener("submit", function (event) {
    var ballot = event.target;
    if (ballot !== form() || event.defaultPrevented) return;
    event.preventDefault();
    var key = own(), said = new URLSearchParams(new FormData(ballot));
    if (event.submitter && event.submitter.name) said.set(event.submitter.name, event.submitter.value);
    var copy = read(key), named = copy && copy.mark ? "?copy=" + copy.mark : "";
    fetch(ballot.getAttribute("action").split("?")[0] + named, { method: "POST", body: said }).then(function (answer) {
      if (!answer.ok) { HTMLFormElement.prototype.submit.call(ballot); return; }
      /* Where it was saved, its copy is named in the address, and ends there (local.js). */
      location.href = answer.url;
    }, function () { keep(key, ballot); offer(); });
  });
  function keep(key, ballot) {
    var answers = {};
    Array.prototype.forEach.call(ballot.elements, function (field) {
      if (!field.name || /^(hidden|submit|button)$/.test(field.type)) return;
      var one = answers[field.name] = answers[field.name] || { label: "", values: [] };
      if (/^(radio|checkbox)$/.test(field.type)) { if (field.checked) one.values.push(field.value); }
      else one.values.push(field.value);
    });
    var version = ballot.elements.version.value, path = new URL(ballot.action).pathname;
    try { store.setItem(key, JSON.stringify({ at: Date.now(), mark: Math.random().toString(36).slice(2), version: version, path: path, answers: answers })); }
    catch (error) { /* Full or forbidden: what was typed is still on the page. */ }
    count();
  }
  function slot() { return Number(form().action.split("/").pop()); }
  function offer() {
    var kept = doc.getElementById("offline"), old = doc.getElementById("no-connection");
    if (!kept || old) return;
    var panel = kept.content.querySelector("section").cloneNode(true), next = panel.querySelector("[data-part=next]");
    /* In their order: the slot of a team that has left is missing. */
    var following = Array.prototype.find.call(kept.content.querySelectorAll("li"), function (each) { return Number(each.dataset.slot) > slot(); });
    panel.id = "no-connection";
    next.hidden = !following;
    if (following) {
      panel.querySelector("[data-part=title]").textContent = following.textContent;
      next.addEventListener("click", function () { panel.remove(); turn(following.dataset.slot, following.dataset.number, following.textContent); });
    }
    form().before(panel);
    panel.querySelector("h2").focus();
  }
  /* The same page for another team: its ballot is blank, and the server says later whether it may be scored. */
  function turn(slot, number, title) {
    var ballot = form(), path = ballot.action.replace(/\d+$/, slot);
    ballot.action = path;
    ballot.setAttribute("hx-patch", new URL(path).pathname);
    ballot.dataset.local = ballot.dataset.local.replace(/\d+$/, slot);
    ballot.elements.version.value = 0;
    Array.prototype.forEach.call(ballot.elements, function (field) {
      if (/^(radio|checkbox)$/.test(field.type)) field.checked = false;
      else if (field.tagName === "TEXTAREA") field.value = "";
    });
    var team = doc.getElementById("team"), heading = doc.createElement("h1");
    heading.textContent = number + ". " + title;
    heading.tabIndex = -1;
    team.replaceChildren(heading);
    doc.getElementById("save-status").textContent = "";
    doc.title = heading.textContent;
    if (window.htmx) window.htmx.process(ballot);
    history.replaceState(null, "", new URL(path).pathname);
    heading.focus();
    window.scrollTo(0, 0);
    count();
  }

  /* That a save was lost is said here, in one line: the page's own alert would lie over the scores. */
  doc.addEventListener("htmx:sendError", function () {
    setTimeout(function () {
      doc.getElementById("alerts").textContent = "";
      count();
      var status = doc.getElementById("save-status");
      if (status && own() && store.getItem(own())) { status.classList.remove("bad"); status.textContent = line.dataset.kept; }
    }, 0);
  });
  window.addEventListener("online", send);
  doc.addEventListener("visibilitychange", send);
  doc.addEventListener("input", function () { setTimeout(count, 50); });
  doc.addEventListener("htmx:afterRequest", function () { setTimeout(count, 50); });
  setInterval(send, EVERY);
  send();
})();
