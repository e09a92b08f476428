/* What is folded for a phone stands open where there is room: beside the score card, all of a text is in sight. */
(function () {
  "use strict";
  if (!window.matchMedia("(min-width:62rem)").matches) return;
  document.querySelectorAll("details[data-wide]").forEach(function (fold) { fold.open = true; });
})();
