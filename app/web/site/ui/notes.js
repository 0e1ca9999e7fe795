// Notes in a list, the newest first: each is changed in its place, and deleted with a way back.
import { html } from 'htm/preact';
import { useState } from 'preact/hooks';
import { api, must } from '../api.js';
import { useForm } from '../lib/form.js';
import { deleteLater } from '../lib/later.js';
import { useOpener } from '../lib/opener.js';
import { mayEdit, useSession } from '../session.js';
import { Problem, Restored, Submit } from './field.js';
import { List } from './list.js';
import { NoteField } from './note-field.js';
import { Person, Time } from './parts.js';

/** @typedef {import('../types').Micropost} Note */
/** @typedef {import('../lib/feed.js').Feed<Note>} Notes */

/** A note stands in the list before the server has it: then its id is below zero.
 *  @param {Note} note */
const isOnItsWay = (note) => note.id < 0;

/** A note has no page, but a name that lists leave out when it is deleted.
 *  @param {Note} note */
const hrefOf = ({ id }) => `/notes/${id}`;

/** @param {{ note: Note, done: (note: Note) => void, cancel: () => void }} props */
function Edit({ note, done, cancel }) {
    const form = useForm({
        initial: { body: note.body },
        draft: `note.${note.id}`,
        send: async ({ body }) => {
            const { data } = await must(api.PATCH('/microposts/{id}', { params: { path: { id: note.id } }, body: { body } }));
            done(data);
        },
    });
    return html`<form onSubmit=${form.submit}>
        <${Restored} form=${form} />
        <${NoteField} form=${form} label="Your note" focus />
        <${Problem} form=${form} />
        <p class="actions"><${Submit} form=${form}>Save<//>
            <button type="button" class="secondary" onClick=${() => { form.reset(); cancel(); }}>Cancel</button></p>
    </form>`;
}

/** @param {{ note: Note, notes: Notes }} props */
function Row({ note, notes }) {
    const me = useSession();
    const [editing, setEditing] = useState(false);
    const opener = useOpener(editing);
    const stop = () => setEditing(false);
    const save = (/** @type {Note} */ saved) => {
        stop();
        notes.change((items) => items.map((item) => (item.id === saved.id ? saved : item)));
    };
    const remove = () => deleteLater('The note is deleted.', {
        send: () => must(api.DELETE('/microposts/{id}', { params: { path: { id: note.id } }, keepalive: true })),
        href: hrefOf(note),
    });
    return html`<article class="note-row" aria-busy=${isOnItsWay(note) ? 'true' : undefined}>
        ${editing ? html`<${Edit} note=${note} done=${save} cancel=${stop} />` : html`<p class="text">${note.body}</p>`}
        <p class="quiet actions small">
            <span><${Person} of=${note.author} /> · ${' '}
                ${isOnItsWay(note) ? 'being sent' : html`<${Time} at=${note.timestamp} />`}</span>
            ${!isOnItsWay(note) && !editing && mayEdit(me, note.user_id) && html`
                <button type="button" class="plain" ref=${opener} onClick=${() => setEditing(true)}>Edit</button>
                <button type="button" class="plain" onClick=${remove}>Delete</button>`}
        </p>
    </article>`;
}

/** @param {{ notes: Notes, empty: unknown, label: string }} props */
export const NoteList = ({ notes, empty, label }) => html`<${List} feed=${notes} label=${label} empty=${empty} hrefOf=${hrefOf}
    row=${(/** @type {Note} */ note) => html`<${Row} note=${note} notes=${notes} />`} />`;
