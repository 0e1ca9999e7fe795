// Signing up, and being logged in with it.
import { html } from 'htm/preact';
import { useLocation } from 'preact-iso/router';
import { api, must } from '../api.js';
import { forgetFeeds } from '../lib/feed.js';
import { useForm } from '../lib/form.js';
import { safeNext, withNext } from '../lib/next.js';
import { logIn } from '../session.js';
import { Field, Problem, Submit } from '../ui/field.js';
import { useTitle } from '../ui/parts.js';
import { say } from '../ui/toasts.js';

/** @param {{ query: Record<string, string> }} props */
export default function SignUpPage({ query }) {
    const { route } = useLocation();
    useTitle('Sign up');
    const form = useForm({
        initial: { username: '', email: '', password: '' },
        send: async ({ username, email, password }, key) => {
            await must(api.POST('/auth/register', { params: { header: { 'Idempotency-Key': key } }, body: { username, email, password } }));
            await logIn(email, password);
            forgetFeeds();
            say(`Welcome, ${username}.`);
            route(safeNext(query.next), true);
        },
    });
    return html`<div class="narrow">
        <h1>Sign up</h1>
        <form onSubmit=${form.submit}>
            <${Field} form=${form} name="username" label="Name" hint="What others see: 3 to 50 characters."
                with=${{ required: true, minlength: 3, maxlength: 50, autocomplete: 'nickname' }} />
            <${Field} form=${form} name="email" type="email" label="E-mail" hint="Only you and the admins see it." with=${{ required: true, autocomplete: 'email' }} />
            <${Field} form=${form} name="password" type="password" label="Password" hint="At least 8 characters."
                with=${{ required: true, minlength: 8, autocomplete: 'new-password' }} />
            <${Problem} form=${form} />
            <${Submit} form=${form}>Sign up<//>
        </form>
        <p><a href=${withNext('/login', query.next)}>I have an account</a></p>
    </div>`;
}
