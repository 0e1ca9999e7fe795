// Asking for a mail that leads to a new password. What is said is the same whether or not anybody has the address: who has
// an account here is nobody else's business.
import { html } from 'htm/preact';
import { useState } from 'preact/hooks';
import { api, must } from '../api.js';
import { useForm } from '../lib/form.js';
import { Field, Problem, Submit } from '../ui/field.js';
import { useTitle } from '../ui/parts.js';

export default function ForgotPage() {
    const [sentTo, setSentTo] = useState('');
    useTitle('A new password');
    const form = useForm({
        initial: { email: '' },
        send: async ({ email }) => {
            await must(api.POST('/auth/password-reset', { body: { email } }));
            setSentTo(email);
        },
    });
    return html`<div class="narrow">
        <h1>A new password</h1>
        <p>Say with which address you log in. A mail with a link comes to it, and behind the link you set a new password.</p>
        <form onSubmit=${form.submit}>
            <${Field} form=${form} name="email" type="email" label="E-mail"
                with=${{ required: true, autocomplete: 'username' }} />
            <${Problem} form=${form} />
            <${Submit} form=${form}>Send me the mail<//>
        </form>
        <div role="status">${sentTo !== '' && html`<p class="note">If an account has the address ${sentTo}, a mail is on its
            way to it. Nothing there? Look among the unwanted mail, or try again in a few minutes.</p>`}</div>
        <p><a href="/login">Back to logging in</a></p>
    </div>`;
}
