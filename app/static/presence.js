/* Who else is at work on this draft: asked again every half minute, while the page is looked at. */
(function () {
  "use strict";
  var asking = setInterval(look, 30000);
  function line() { return document.getElementById("presence"); }
  function gone() {
    var where = line();
    clearInterval(asking);
    if (!where || !where.dataset.gone) return;
    where.className = "panel err";
    where.setAttribute("role", "alert");
    where.textContent = where.dataset.gone;
  }
  function look() {
    var where = line(), here = where && where.dataset.here;
    if (!where || document.hidden) return;
    fetch(here || where.dataset.presence, { method: here ? "POST" : "GET", headers: { "HX-Request": "true" } })
      .then(function (answer) {
        if (answer.status === 404) gone();
        else if (!answer.ok && answer.status < 500) clearInterval(asking);
        return answer.ok ? answer.text() : "";
      })
      .then(function (html) { if (html && line()) line().outerHTML = html; })
      .catch(function () { /* Without a network it is asked again later. */ });
  }
  document.addEventListener("visibilitychange", look);
  document.addEventListener("htmx:responseError", function (event) { if (event.detail.xhr.status === 404) gone(); });
  if (line() && line().dataset.here) look();
})();
