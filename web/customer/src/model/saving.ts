/**
 * What browsers let a page hand out: files and the clipboard.
 *
 * The browsers inside WeChat and other apps show pages and save nothing; a download there is a dead button. They are
 * told by what they call themselves, because they claim to know `download` all the same.
 */
const INSIDE_AN_APP = /MicroMessenger|wxwork|QQ\/|AlipayClient|Weibo|DingTalk|aweme|BytedanceWebview|; wv\)/i;

export function savesFiles(agent = navigator.userAgent): boolean {
  return !INSIDE_AN_APP.test(agent);
}

export function saveText(text: string, name: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: "text/plain;charset=utf-8" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

/** Whether it was copied; `field` shows the text, for browsers that copy only what is selected. */
export async function copy(
  text: string,
  field: HTMLTextAreaElement | HTMLInputElement | null,
): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    field?.focus({ preventScroll: true });
    field?.select();
    field?.setSelectionRange(0, text.length); // iOS selects nothing by select()
    return document.execCommand("copy");
  }
}
