// What others see of one: picture, a few words, one's own pages.
import { html } from 'htm/preact';
import { api, must } from '../../api.js';
import { useForm } from '../../lib/form.js';
import { Field, Problem, Restored, Submit } from '../../ui/field.js';
import { say } from '../../ui/toasts.js';
import { Picture } from './picture.js';

/** @param {import('../settings.js').Part} props */
function About({ me, changed }) {
    const { profile } = me;
    const form = useForm({
        initial: { bio: profile?.bio ?? '', website: profile?.website ?? '' },
        draft: `profile.${me.id}`,
        stays: true,
        send: async ({ bio, website }, key) => {
            const body = { bio: bio || null, website: website.trim() || null };
            const { data } = await must(profile ? api.PATCH('/users/me/profile', { body })
                : api.POST('/users/me/profile', { params: { header: { 'Idempotency-Key': key } }, body }));
            changed({ profile: data });
            say('Your profile is saved.');
        },
    });
    return html`<form onSubmit=${form.submit}>
        <${Restored} form=${form} />
        <${Field} form=${form} name="bio" type="textarea" label="A few words" hint="At most 500 characters."
            with=${{ rows: 4, maxlength: 500 }} />
        <${Field} form=${form} name="website" type="url" label="Your own pages" hint="With https:// in front."
            with=${{ maxlength: 200, autocomplete: 'url' }} />
        <${Problem} form=${form} />
        <p class="actions"><${Submit} form=${form}>Save<//><a href="/people/${me.id}">See your page</a></p>
    </form>`;
}

/** @param {import('../settings.js').Part} props */
export const Profile = ({ me, changed }) => html`
    <section aria-labelledby="picture"><h2 id="picture">Your picture</h2><${Picture} me=${me} changed=${changed} /></section>
    <section aria-labelledby="about"><h2 id="about">About you</h2><${About} me=${me} changed=${changed} /></section>`;
