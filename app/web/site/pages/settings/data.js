// Taking away what one has written, and leaving.
import { html } from 'htm/preact';
import { useLocation } from 'preact-iso/router';
import { api, must } from '../../api.js';
import { forgetFeeds } from '../../lib/feed.js';
import { fieldMistake, useForm } from '../../lib/form.js';
import { leave } from '../../session.js';
import { Action } from '../../ui/action.js';
import { Field, Problem, Submit } from '../../ui/field.js';
import { say } from '../../ui/toasts.js';
import { blamePassword, WhosePassword } from './password.js';

/** @param {Blob} content @param {string} name */
function saveFile(content, name) {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(content);
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}

/** @param {string} username */
async function download(username) {
    const { data } = await must(api.GET('/users/me/export', { parseAs: 'blob', cache: 'no-store' }));
    saveFile(data, `quire-${username}-${new Date().toISOString().slice(0, 10)}.json`);
}

/** @param {{ me: import('../settings.js').Self }} props */
function Delete({ me }) {
    const { route } = useLocation();
    const form = useForm({
        initial: { name: '', current_password: '' },
        send: async ({ name, current_password }) => {
            if (name !== me.username) {
                throw fieldMistake('name', `This is not your name: it is “${me.username}”.`);
            }
            await must(api.DELETE('/users/me', { body: { current_password } })).catch(blamePassword);
            forgetFeeds();
            leave();
            route('/', true);
            say('Your account is deleted.');
        },
    });
    return html`<form onSubmit=${form.submit} autocomplete="off">
        <${WhosePassword} me=${me} />
        <${Field} form=${form} name="name" label="Your name, to be sure" hint="Type ${me.username}."
            with=${{ required: true, autocomplete: 'off', autocapitalize: 'off' }} />
        <${Field} form=${form} name="current_password" type="password" label="Your password"
            with=${{ required: true, autocomplete: 'current-password' }} />
        <${Problem} form=${form} />
        <${Submit} form=${form}>Delete my account for good<//>
    </form>`;
}

/** @param {import('../settings.js').Part} props */
export const Data = ({ me }) => html`
    <section aria-labelledby="export"><h2 id="export">Take it with you</h2>
        <p>All that you have written here, drafts included, as one file (JSON).</p>
        <p class="actions"><${Action} run=${() => download(me.username)}>Download your data<//></p>
    </section>
    <section aria-labelledby="delete" class="danger"><h2 id="delete">Delete the account</h2>
        <p>Your posts, notes, comments, votes, threads and your profile are deleted with it. The books and reviews stay,
            without your name. There is no way back.</p>
        <${Delete} me=${me} />
    </section>`;
