"""Browsers inside phones that never update, as far as a new one can play them: by name, and without what they lack."""

from __future__ import annotations

CHROMIUM_80 = (
    "Mozilla/5.0 (Linux; Android 9; MI 6 Build/PKQ1.190118.001; wv) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Version/4.0 Chrome/80.0.3987.99 Mobile Safari/537.36"
)
SAFARI_14 = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 14_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/14.0 Mobile/15E148 Safari/604.1"
)
WECHAT = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 14_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Mobile/15E148 MicroMessenger/8.0.16(0x18001042) NetType/WIFI Language/zh_CN"
)

# What came after both: https://caniuse.com; each is gone before the first script runs.
_YOUNGER_THAN_BOTH = """
for (const [owner, names] of [
  [Array.prototype, ["at", "findLast", "findLastIndex", "toSorted", "toReversed", "toSpliced", "with"]],
  [String.prototype, ["at", "replaceAll", "isWellFormed"]],
  [Object, ["hasOwn", "groupBy"]], [Promise, ["any", "withResolvers"]],
  [window, ["structuredClone", "WeakRef", "FinalizationRegistry", "reportError", "scheduler"]],
  [Crypto.prototype, ["randomUUID"]], [AbortSignal, ["timeout", "any", "abort"]], [URL, ["canParse"]],
  [Element.prototype, ["checkVisibility", "replaceChildren", "setHTMLUnsafe"]],
  [HTMLElement.prototype, ["showPopover", "inert"]], [HTMLDialogElement.prototype, ["showModal"]],
  [Intl, ["Segmenter", "DisplayNames"]], [Document.prototype, ["startViewTransition"]],
]) for (const name of names) delete owner[name];
"""
# Safari before 15 and 16.4.
_LACKED_BY_SAFARI = """
delete window.requestIdleCallback;
delete Document.prototype.adoptedStyleSheets;
window.CSSStyleSheet = function CSSStyleSheet() { throw new TypeError("Illegal constructor") };
delete window.BroadcastChannel;
Object.defineProperty(navigator, "clipboard", { value: undefined });
"""
# The keyboard of an iPhone covers the page, which stays as high as it was; `keyboard(300)` opens one.
_AN_IPHONES_KEYBOARD = """
let keys = 0;
const height = Object.getOwnPropertyDescriptor(VisualViewport.prototype, "height").get;
Object.defineProperty(visualViewport, "height", { get: () => height.call(visualViewport) - keys });
window.keyboard = (covered) => { keys = covered; visualViewport.dispatchEvent(new Event("resize")); };
"""

BROWSERS = {
    "Chromium 80": (CHROMIUM_80, _YOUNGER_THAN_BOTH),
    "Safari 14": (SAFARI_14, _YOUNGER_THAN_BOTH + _LACKED_BY_SAFARI + _AN_IPHONES_KEYBOARD),
    "WeChat": (WECHAT, _YOUNGER_THAN_BOTH + _LACKED_BY_SAFARI + _AN_IPHONES_KEYBOARD),
}
