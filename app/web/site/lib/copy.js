// Copying to the clipboard. Where the browser does not let the page do it, the text is selected, to be copied by hand.
import { say } from '../ui/toasts.js';

/**
 * @param {string} text
 * @param {string} done what is said: "The tweet is copied."
 * @param {() => HTMLTextAreaElement | null} place shows the text, where it can be selected
 */
export async function copy(text, done, place) {
    try {
        await navigator.clipboard.writeText(text);
        say(done);
    } catch {
        const field = place();
        field?.focus();
        field?.select();
        say('This browser does not let the page copy. The text is selected: copy it yourself.');
    }
}
