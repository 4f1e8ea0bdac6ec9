/**
 * The keyboard in a dialog's first field, as soon as the dialog is there: for `afterOpenChange` of a dialog with a field
 * that has `data-first-field`. `autoFocus` would be too early, the library puts the fields into the page after it.
 */
export function toFirstField(shown: boolean): void {
  if (shown) [...document.querySelectorAll<HTMLElement>("[role=dialog] [data-first-field]")].at(-1)?.focus();
}
