// Forms: what is typed, what the server has against each field, and a draft that survives a closed tab, a lost connection
// and the end of the session.
import { useEffect, useRef, useState } from 'preact/hooks';
import { ApiError } from '../api.js';
import { keep, recall } from './storage.js';

/** @typedef {Record<string, string | boolean>} Values */

/**
 * @template {Values} V
 * @typedef {object} Form
 * @property {V} values
 * @property {Record<string, string>} errors of fields, by their names
 * @property {string} problem what is wrong with the whole, or ''
 * @property {boolean} busy
 * @property {boolean} restored whether it holds what was typed before
 * @property {(name: keyof V & string, value: string | boolean) => void} set
 * @property {(event: Event) => void} submit for onSubmit
 * @property {() => void} reset back to the beginning, and the draft is forgotten
 */

const QUIET_MS = 300;

/** @template {Values} V @param {string | undefined} draft @param {V} initial @returns {V | null} */
function restore(draft, initial) {
    const text = draft === undefined ? null : recall(`draft.${draft}`);
    try {
        const kept = text === null ? null : JSON.parse(text);
        return kept !== null && typeof kept === 'object' ? { ...initial, ...kept } : null;
    } catch {
        return null;
    }
}

/** What was sent last, and under which Idempotency-Key: an answer may have been lost with the page that waited for it.
 *  @param {string | undefined} draft @returns {{ sent: string, key: string }} */
function lastSent(draft) {
    try {
        const kept = JSON.parse((draft === undefined ? null : recall(`draft.${draft}.sent`)) ?? '{}');
        return { sent: String(kept.sent ?? ''), key: String(kept.key ?? '') };
    } catch {
        return { sent: '', key: '' };
    }
}

/** The mistakes of a 422 by the field that they belong to, and the sentences of those that belong to none that is shown.
 *  @param {ApiError} error @param {string[]} names */
function sortMistakes(error, names) {
    /** @type {Record<string, string>} */
    const errors = {};
    /** @type {string[]} */
    const others = [];
    for (const { loc, msg } of error.mistakes) {
        const name = loc.slice(1).map(String).find((part) => names.includes(part));
        if (name === undefined) {
            others.push(`${loc.slice(1).join('.')}: ${msg}`);
        } else {
            errors[name] ??= msg;
        }
    }
    return { errors, others };
}

/** What is wrong with a field, where it takes more than a 422 to know it: for `send` to throw.
 *  @param {string} name @param {string} msg */
export const fieldMistake = (name, msg) => new ApiError(422, 'field_mistake',
    'Something is not as it should be: look at the marked fields.', { mistakes: [{ type: 'value_error', loc: ['body', name], msg, input: null }] });

/** A 409 names what is taken: "… username …". @param {ApiError} error @param {string[]} names */
function takenField(error, names) {
    return error.status === 409 ? names.find((name) => new RegExp(`\\b${name}\\b`, 'i').test(error.message)) : undefined;
}

/**
 * @template {Values} V
 * @param {object} about
 * @param {V} about.initial
 * @param {(values: V, key: string, isAll: () => boolean) => Promise<unknown>} about.send the second argument is an
 *     Idempotency-Key: the same as long as the same thing is sent, so that a second try after a lost answer does nothing twice.
 *     The third tells whether the form still holds that, or more was typed meanwhile
 * @param {string} [about.draft] under which name what is typed is kept; nothing secret in such a form
 * @param {boolean} [about.stays] whether what was sent stays in the form: it shows how things are
 * @returns {Form<V>}
 */
export function useForm({ initial, send, draft, stays = false }) {
    const [start] = useState(() => restore(draft, initial));
    const [values, setValues] = useState(start ?? initial);
    const [errors, setErrors] = useState(/** @type {Record<string, string>} */ ({}));
    const [problem, setProblem] = useState('');
    const [busy, setBusy] = useState(false);
    const [restored, setRestored] = useState(start !== null);
    const [sentBefore] = useState(() => lastSent(draft));
    const once = useRef(sentBefore);
    const changed = useRef(false);
    const whose = useRef(/** @type {string | null} */ (null));
    /** Whether who types here is still who is logged in: nothing of theirs is kept for another, or after they have logged out. */
    const isTheirs = () => (whose.current ??= recall('who')) === recall('who');
    const latest = useRef(values);
    latest.current = values;

    useEffect(() => {
        if (draft === undefined || !changed.current) {
            return undefined;
        }
        const save = () => {
            if (changed.current && isTheirs()) { // else it was sent meanwhile
                keep(`draft.${draft}`, JSON.stringify(values));
            }
        };
        const timer = setTimeout(save, QUIET_MS);
        addEventListener('pagehide', save);
        return () => {
            clearTimeout(timer);
            removeEventListener('pagehide', save);
            save();
        };
    }, [values]);

    const forgetDraft = () => {
        changed.current = false;
        setRestored(false);
        if (draft !== undefined) {
            keep(`draft.${draft}`, null);
            keep(`draft.${draft}.sent`, null);
        }
    };

    const reset = () => {
        forgetDraft();
        setValues(initial);
        setErrors({});
        setProblem('');
    };

    /** @param {unknown} error @param {HTMLFormElement} element */
    const refused = (error, element) => {
        if (!(error instanceof ApiError)) {
            throw error;
        }
        const names = Object.keys(values);
        const { errors: found, others } = sortMistakes(error, names);
        const taken = takenField(error, names);
        if (taken !== undefined) {
            found[taken] = error.message;
        }
        setErrors(found);
        setProblem(taken !== undefined ? '' : [error.message, ...others].join(' '));
        const first = names.find((name) => name in found);
        if (first !== undefined) {
            const field = element.elements.namedItem(first); // radio buttons of one name come as a list
            /** @type {HTMLElement | null} */ (field instanceof RadioNodeList ? field[0] : field)?.focus();
        }
    };

    const submit = async (/** @type {Event} */ event) => {
        event.preventDefault();
        const element = /** @type {HTMLFormElement} */ (event.currentTarget);
        if (busy) {
            return;
        }
        const text = JSON.stringify(values);
        const isAll = () => JSON.stringify(latest.current) === text;
        if (once.current.sent !== text) {
            once.current = { sent: text, key: crypto.randomUUID() };
        }
        if (draft !== undefined && isTheirs()) {
            keep(`draft.${draft}`, text); // until it has arrived
            keep(`draft.${draft}.sent`, JSON.stringify(once.current));
        }
        setBusy(true);
        setErrors({});
        setProblem('');
        try {
            await send(values, once.current.key, isAll);
            once.current = { sent: '', key: '' };
            if (isAll()) { // else there is more to send
                (stays ? forgetDraft : reset)();
            }
        } catch (error) {
            refused(error, element);
        } finally {
            setBusy(false);
        }
    };

    return {
        values,
        errors,
        problem,
        busy,
        restored,
        set: (name, value) => {
            changed.current = true;
            whose.current ??= recall('who');
            setValues((old) => ({ ...old, [name]: value }));
        },
        submit,
        reset,
    };
}
