// What keys do beyond what the browser does by itself.

/** For onKeyDown of a field: Ctrl or Cmd with Enter sends its form, as its button does.
 *  @param {KeyboardEvent & { currentTarget: HTMLInputElement | HTMLTextAreaElement }} event */
export function sendOnCtrlEnter(event) {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        event.currentTarget.form?.requestSubmit();
    }
}
