// The button that opened something, which has the focus again when that is closed.
import { useEffect, useRef } from 'preact/hooks';

/** For the ref of the button.
 *  @param {boolean} open */
export function useOpener(open) {
    const opener = useRef(/** @type {HTMLButtonElement | null} */ (null));
    const was = useRef(open);
    useEffect(() => {
        if (was.current && !open) {
            opener.current?.focus();
        }
        was.current = open;
    }, [open]);
    return opener;
}
