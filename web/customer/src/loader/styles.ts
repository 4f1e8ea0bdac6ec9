/**
 * The styles of button and window.
 *
 * A host page may forbid inline styles. A constructed style sheet is not inline and passes; browsers too old for it
 * get a <style> element, and what must hold in any case is also set property by property, which no policy forbids.
 */
import type { WidgetLook } from "@mashang/protocol";
import { inkOn } from "./look";

const FONT =
  '-apple-system,BlinkMacSystemFont,"PingFang SC","HarmonyOS Sans","MiSans","Microsoft YaHei","Noto Sans CJK SC",sans-serif';

/** The window leaves a shop's header in sight where the screen is high enough: its sign-in and search stand there. */
const CSS = `
:host{all:initial}
button{all:unset;box-sizing:border-box;cursor:pointer;display:flex;align-items:center;justify-content:center;
background:var(--c);color:var(--i);font:600 16px/1.25 ${FONT};box-shadow:0 0 0 2px #fff,0 6px 20px rgba(10,20,40,.35);
-webkit-tap-highlight-color:transparent;touch-action:manipulation}
button:focus{outline:3px solid #101620;outline-offset:4px}
button:focus:not(:focus-visible){outline:none}
@media(hover:hover){button:hover{box-shadow:0 0 0 2px #fff,0 0 0 4px var(--c),0 6px 20px rgba(10,20,40,.35)}}
svg{width:26px;height:26px;flex:none;fill:none;stroke:currentColor;stroke-width:1.9;stroke-linecap:round;stroke-linejoin:round}
.fixed{position:fixed;z-index:2147483000}
.button{bottom:calc(20px + env(safe-area-inset-bottom));height:56px;padding:0 22px 0 18px;border-radius:28px}
.button svg,.inline svg,.top-link svg{margin-right:8px}
.fixed.right,.window.right{right:20px}.fixed.left,.window.left{left:20px}
.short{display:none}
.side-tab{top:50%;transform:translateY(-50%);writing-mode:vertical-rl;min-width:48px;padding:18px 11px;letter-spacing:.12em}
.side-tab svg{margin-bottom:8px}
.fixed.side-tab.right{right:0;border-radius:14px 0 0 14px}.fixed.side-tab.left{left:0;border-radius:0 14px 14px 0}
.top-link{top:0;min-height:44px;padding:0 18px;border-radius:0 0 14px 14px}
.inline{position:relative;min-height:48px;padding:0 20px;border-radius:12px;box-shadow:none}
.badge{position:absolute;top:-6px;right:-4px;min-width:22px;height:22px;padding:0 6px;box-sizing:border-box;
border-radius:11px;background:#c4211a;color:#fff;font:600 13px/22px ${FONT};text-align:center;writing-mode:horizontal-tb;
box-shadow:0 0 0 2px #fff}
.badge:empty{display:none}
.side-tab .badge{right:auto;left:-8px}.side-tab.left .badge{left:auto;right:-8px}
.window{position:fixed;z-index:2147483001;bottom:calc(92px + env(safe-area-inset-bottom));width:400px;height:min(640px,max(480px,100% - 240px));
max-height:calc(100% - 112px);border-radius:18px;overflow:hidden;background:#f3f5f8;
box-shadow:0 12px 48px rgba(10,20,40,.32),0 0 0 1px rgba(10,20,40,.08)}
.window.low{bottom:20px;height:min(640px,max(480px,100% - 168px));max-height:calc(100% - 40px)}
@media(min-width:481px) and (min-height:421px){
.window.beside.right{right:64px}.window.beside.left{left:64px}
.window.under{top:56px;bottom:auto;max-height:calc(100% - 76px)}}
iframe{display:block;position:relative;width:100%;height:100%;border:0;background:transparent;color-scheme:normal}
.wait{position:absolute;z-index:1;top:0;left:0;width:100%;height:100%;display:flex;flex-direction:column;align-items:center;justify-content:center;
padding:24px;box-sizing:border-box;background:inherit;font:16px/1.6 ${FONT};color:#17202e;text-align:center}
[hidden]{display:none}
.wait button{min-height:48px;margin-top:8px;padding:0 24px;border-radius:12px;box-shadow:none}
.hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip:rect(0 0 0 0);white-space:nowrap}
@media(max-width:480px),(max-height:420px){
.window.window{top:0;left:0;right:0;bottom:auto;width:100%;height:100%;max-height:none;border-radius:0;
padding-bottom:env(safe-area-inset-bottom);box-sizing:border-box}
.button.open,.side-tab.open,.top-link.open{display:none}
.button{padding:0;width:64px;height:64px;flex-direction:column;font-size:13px;border-radius:32px}
.button svg{margin:0}
.button .long{display:none}.button .short{display:block}
}
.window.window.inside{position:relative;top:auto;right:auto;bottom:auto;left:auto;z-index:auto;width:100%;height:100%;max-height:none;padding:0;
border-radius:14px;box-shadow:0 0 0 1px rgba(10,20,40,.15)}
@media(prefers-color-scheme:dark){.window{background:#10151c}.wait{color:#eef2f7}
button:focus{outline-color:#fff;box-shadow:0 0 0 4px #101620}}
@media(prefers-reduced-motion:no-preference){.window:not(.still){animation:in .18s ease-out}
@keyframes in{from{opacity:0;transform:translateY(12px)}}}
@media(forced-colors:active){button,.window,.badge{border:2px solid}}
@media print{.fixed,.window{display:none}}
`;

export function dress(root: ShadowRoot, look: WidgetLook): void {
  const css = `${CSS}:host{--c:${look.colour};--i:${inkOn(look.colour)}}`;
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    root.adoptedStyleSheets = [sheet];
  } catch {
    const style = document.createElement("style");
    style.textContent = css;
    root.append(style);
  }
}

/** What holds even where no style sheet does. */
export function hold(element: HTMLElement, properties: Record<string, string>): void {
  for (const [name, value] of Object.entries(properties)) element.style.setProperty(name, value);
}
