// One's picture: chosen, looked at, and only then sent.
import { html } from 'htm/preact';
import { useId, useRef, useState } from 'preact/hooks';
import { api, ApiError, must } from '../../api.js';
import { Action } from '../../ui/action.js';
import { Submit } from '../../ui/field.js';
import { Avatar } from '../../ui/parts.js';
import { say } from '../../ui/toasts.js';

const KINDS = ['image/png', 'image/jpeg', 'image/webp'];
const MOST_BYTES = 2 * 1024 * 1024;

/** What is wrong with a file, or ''.
 *  @param {File} file */
function objection(file) {
    if (!KINDS.includes(file.type)) {
        return `“${file.name}” is not a PNG, JPEG or WebP picture.`;
    }
    return file.size > MOST_BYTES ? `“${file.name}” is ${(file.size / 1024 / 1024).toFixed(1)} MiB; at most 2 MiB fit.` : '';
}

/** The picture as the address of an image. (The site's policy lets no blob: be shown.)
 *  @param {File} file @returns {Promise<string>} */
const asAddress = (file) => new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(/** @type {string} */ (reader.result));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
});

/** @param {File} file */
function formOf(file) {
    const form = new FormData();
    form.append('file', file);
    return form;
}

/** @param {import('../settings.js').Part} props */
export function Picture({ me, changed }) {
    const id = useId();
    const input = useRef(/** @type {HTMLInputElement | null} */ (null));
    const [chosen, setChosen] = useState(/** @type {{ file: File, address: string } | null} */ (null));
    const [problem, setProblem] = useState('');
    const [busy, setBusy] = useState(false);
    const { profile } = me;

    const drop = (/** @type {string} */ why) => {
        setChosen(null);
        setProblem(why);
        if (input.current !== null) {
            input.current.value = '';
        }
    };
    const choose = async () => {
        const file = input.current?.files?.[0];
        const wrong = file === undefined ? '' : objection(file);
        if (file === undefined || wrong !== '') {
            drop(wrong);
            return;
        }
        setProblem('');
        try {
            setChosen({ file, address: await asAddress(file) });
        } catch {
            drop(`“${file.name}” cannot be read.`);
        }
    };
    const send = async (/** @type {Event} */ event) => {
        event.preventDefault();
        if (chosen === null || busy) {
            return;
        }
        setBusy(true);
        setProblem('');
        try {
            const { data } = await must(api.PUT('/users/me/avatar',
                { body: { file: '' }, bodySerializer: () => formOf(chosen.file) }));
            drop('');
            changed({ profile: data });
            say('Your picture is saved.');
        } catch (error) {
            if (!(error instanceof ApiError)) {
                throw error;
            }
            setProblem(error.mistakes[0]?.msg ?? error.message);
        } finally {
            setBusy(false);
        }
    };
    const show = async (/** @type {string | null} */ address) => {
        const { data } = await must(api.PATCH('/users/me/profile', { body: { avatar_url: address } }));
        changed({ profile: data });
    };
    const remove = async () => {
        const before = profile?.avatar_url ?? null;
        await show(null);
        say('Your picture is removed.', { label: 'Undo', run: () => show(before).catch((error) => say(error.message)) });
    };

    return html`<form class="picture" onSubmit=${send}>
        ${chosen === null ? html`<${Avatar} name=${me.username} url=${profile?.avatar_url} large />`
            : html`<img class="avatar large" src=${chosen.address} alt="What you have chosen"
                onError=${() => drop(`“${chosen.file.name}” is not a picture.`)} />`}
        <div class="field">
            <label for=${id}>Choose a picture</label>
            <input ref=${input} id=${id} type="file" name="file" accept=${KINDS.join()}
                aria-invalid=${problem === '' ? undefined : 'true'} aria-describedby="${id}-hint ${id}-error" onChange=${choose} />
            <small id="${id}-hint">PNG, JPEG or WebP, at most 2 MiB. It is cut to a circle.</small>
            <small id="${id}-error" class="error" role="alert" hidden=${problem === ''}>${problem}</small>
        </div>
        <p class="actions">
            ${chosen !== null && html`<${Submit} form=${{ busy }}>Use this picture<//>
                <button type="button" class="secondary" onClick=${() => drop('')}>Cancel</button>`}
            ${chosen === null && profile?.avatar_url && html`<${Action} run=${remove}>Remove the picture<//>`}
        </p>
    </form>`;
}
