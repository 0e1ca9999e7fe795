// Short notes of everybody, the newest first, and a place to write one.
import { html } from 'htm/preact';
import { api, must } from '../api.js';
import { forgetFeeds, useFeed } from '../lib/feed.js';
import { useForm } from '../lib/form.js';
import { useTyped } from '../lib/typed.js';
import { useSession } from '../session.js';
import { Problem, Submit } from '../ui/field.js';
import { NoteField } from '../ui/note-field.js';
import { NoteList } from '../ui/notes.js';
import { useTitle } from '../ui/parts.js';
import { Filters, TypedField } from '../ui/typed-field.js';

/** @typedef {import('../types').Micropost} Note */

/** What is written stands on top of the list at once; when it cannot be sent it leaves the list, and stays in the field.
 *  @param {{ me: import('../session.js').Me, notes: import('../lib/feed.js').Feed<Note> }} props */
function Write({ me, notes }) {
    const form = useForm({
        initial: { body: '' },
        draft: 'note.new',
        send: async ({ body }, key) => {
            const now = new Date();
            const early = { id: -now.getTime(), body, timestamp: now.toISOString(), user_id: me.id, author: me };
            notes.change((items) => [early, ...items]);
            try {
                const { data } = await must(api.POST('/microposts',
                    { params: { header: { 'Idempotency-Key': key } }, body: { body } }));
                // It may have come with the list meanwhile.
                notes.change((items) => items.filter(({ id }) => id !== data.id).map((item) => (item === early ? data : item)));
                forgetFeeds('person');
            } catch (error) {
                notes.change((items) => items.filter((item) => item !== early));
                throw error;
            }
        },
    });
    return html`<form onSubmit=${form.submit} class="note-form">
        <${NoteField} form=${form} label="Your note" />
        <${Problem} form=${form} />
        <p class="actions"><${Submit} form=${form}>Send<//><span class="quiet">or Ctrl+Enter</span></p>
    </form>`;
}

export default function NotesPage() {
    useTitle('Notes');
    const me = useSession();
    const typed = useTyped('search');
    const search = typed.settled || undefined;
    const notes = useFeed(`notes ${typed.settled}`, (cursor, signal) => api.GET('/microposts',
        { params: { query: { search, limit: 20, cursor } }, signal }));
    return html`
        <h1>Notes</h1>
        ${me && html`<${Write} me=${me} notes=${notes} />`}
        ${me === null && html`<p class="quiet"><a href="/login?next=/notes">Log in</a> to write a note.</p>`}
        <${Filters} fields=${[typed]} label="Notes"><${TypedField} typed=${typed} label="Search the notes" /><//>
        <${NoteList} notes=${notes} label="Notes" empty=${search === undefined ? html`<p>Nobody has written a note yet.</p>`
            : html`<p>No note says “${search}”.</p>`} />`;
}
