// One's name and address on the site.
import { html } from 'htm/preact';
import { api, must } from '../../api.js';
import { forgetFeeds } from '../../lib/feed.js';
import { useForm } from '../../lib/form.js';
import { Action } from '../../ui/action.js';
import { Field, Problem, Restored, Submit } from '../../ui/field.js';
import { say } from '../../ui/toasts.js';

/** @param {import('../settings.js').Self} me */
async function sendMail(me) {
    await must(api.POST('/auth/verify-email', { body: { email: me.email } }));
    say(`If ${me.email} is not verified yet, a mail is on its way to it.`);
}

/** @param {import('../settings.js').Part} props */
export function Account({ me, changed }) {
    const form = useForm({
        initial: { username: me.username, email: me.email },
        draft: `account.${me.id}`,
        stays: true,
        send: async ({ username, email }) => {
            // Only what is another is sent: the same address once more would count as a mail that is asked for.
            const { data } = await must(api.PATCH('/users/me', { body: {
                username: username === me.username ? undefined : username, email: email === me.email ? undefined : email } }));
            changed({ username: data.username, email: data.email });
            forgetFeeds();
            say('Your account is saved.');
        },
    });
    return html`
        <section aria-labelledby="account"><h2 id="account">Name and address</h2>
            <form onSubmit=${form.submit}>
                <${Restored} form=${form} />
                <${Field} form=${form} name="username" label="Name" hint="What others see: 3 to 50 characters."
                    with=${{ required: true, minlength: 3, maxlength: 50, autocomplete: 'nickname' }} />
                <${Field} form=${form} name="email" type="email" label="E-mail"
                    hint="You log in with it. Only you and the admins see it." with=${{ required: true, autocomplete: 'email' }} />
                <${Problem} form=${form} />
                <${Submit} form=${form}>Save<//>
            </form>
        </section>
        <section aria-labelledby="verify"><h2 id="verify">Is the address yours?</h2>
            <p>A mail with a link goes to ${me.email}; open the link to say that the address is yours.</p>
            <p class="actions"><${Action} run=${() => sendMail(me)}>Send me the mail<//></p>
        </section>`;
}
