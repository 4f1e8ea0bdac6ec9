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

/** Whether it was copied; browsers that copy only what is selected take it from the `field` that shows it, or from one made for that. */
export async function copy(
  text: string,
  field?: HTMLTextAreaElement | HTMLInputElement | null,
): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return field ? copySelected(field) : copyFromNowhere(text);
  }
}

function copySelected(field: HTMLTextAreaElement | HTMLInputElement): boolean {
  field.focus({ preventScroll: true });
  field.select();
  field.setSelectionRange(0, field.value.length); // iOS selects nothing by select()
  return document.execCommand("copy");
}

function copyFromNowhere(text: string): boolean {
  const before = document.activeElement as HTMLElement | null;
  const field = document.createElement("textarea");
  field.value = text;
  field.readOnly = true;
  field.className = "hidden";
  document.body.append(field);
  const done = copySelected(field);
  field.remove();
  before?.focus({ preventScroll: true });
  return done;
}
