// The error summary takes the focus when the page opens with one, and after htmx has swapped one in.
function look(root) {
  var box = (root || document).querySelector('.zj-errsum');
  if (box) { box.focus(); return; }
  if (root && root !== document) {
    var h = root.querySelector('h1[tabindex]');
    if (h) h.focus();
  }
}
if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', function () { look(); });
else look();
document.addEventListener('htmx:afterSwap', function (e) { look(e.detail.target); });
