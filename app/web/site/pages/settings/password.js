// Another password.
import { html } from 'htm/preact';
import { api, ApiError, must } from '../../api.js';
import { fieldMistake, useForm } from '../../lib/form.js';
import { Field, Problem, Submit } from '../../ui/field.js';
import { say } from '../../ui/toasts.js';

/** A wrong password is a mistake of its field.
 *  @param {unknown} error @returns {never} */
export function blamePassword(error) {
    const wrong = error instanceof ApiError && error.code === 'wrong_password';
    throw wrong ? fieldMistake('current_password', 'This is not your password.') : error;
}

/** Tells password managers whose password a form is about.
 *  @param {{ me: import('../settings.js').Self }} props */
export const WhosePassword = ({ me }) =>
    html`<input type="email" name="account" value=${me.email} autocomplete="username" hidden readonly />`;

/** @param {import('../settings.js').Part} props */
export function Password({ me }) {
    const form = useForm({
        initial: { current_password: '', new_password: '' },
        send: async (body) => {
            await must(api.PUT('/users/me/password', { body })).catch(blamePassword);
            say('Your password is another now. All your other sessions have ended.');
        },
    });
    return html`<section aria-labelledby="password"><h2 id="password">Change the password</h2>
        <p>All your other sessions end with it: on other devices you log in again.</p>
        <form onSubmit=${form.submit}>
            <${WhosePassword} me=${me} />
            <${Field} form=${form} name="current_password" type="password" label="Your password now"
                with=${{ required: true, autocomplete: 'current-password' }} />
            <${Field} form=${form} name="new_password" type="password" label="New password" hint="At least 8 characters."
                with=${{ required: true, minlength: 8, autocomplete: 'new-password' }} />
            <${Problem} form=${form} />
            <${Submit} form=${form}>Change it<//>
        </form>
        <p><a href="/forgot">I have forgotten my password</a></p>
    </section>`;
}
