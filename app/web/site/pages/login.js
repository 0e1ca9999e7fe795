// Logging in. The tokens come as cookies, which no script of this page can read.
import { html } from 'htm/preact';
import { useLocation } from 'preact-iso/router';
import { forgetFeeds } from '../lib/feed.js';
import { useForm } from '../lib/form.js';
import { safeNext, withNext } from '../lib/next.js';
import { logIn } from '../session.js';
import { Field, Problem, Submit } from '../ui/field.js';
import { useTitle } from '../ui/parts.js';

/** @param {{ query: Record<string, string> }} props */
export default function LogInPage({ query }) {
    const { route } = useLocation();
    useTitle('Log in');
    const form = useForm({
        initial: { email: '', password: '' },
        send: async ({ email, password }) => {
            await logIn(email, password);
            forgetFeeds();
            route(safeNext(query.next), true);
        },
    });
    return html`<div class="narrow">
        <h1>Log in</h1>
        <form onSubmit=${form.submit}>
            <${Field} form=${form} name="email" type="email" label="E-mail" with=${{ required: true, autocomplete: 'username' }} />
            <${Field} form=${form} name="password" type="password" label="Password" with=${{ required: true, autocomplete: 'current-password' }} />
            <${Problem} form=${form} />
            <${Submit} form=${form}>Log in<//>
        </form>
        <p><a href="/forgot">I have forgotten my password</a> · <a href=${withNext('/signup', query.next)}>I have no account yet</a></p>
    </div>`;
}
