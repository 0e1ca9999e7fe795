// How good a book is, in stars: what people gave together, what one gave, and the field to give some.
import { html } from 'htm/preact';
import { useId } from 'preact/hooks';
import { count } from './parts.js';

const MOST = 5;
const WORDS = ['bad', 'weak', 'fair', 'good', 'very good'];

const one = new Intl.NumberFormat('en', { minimumFractionDigits: 1, maximumFractionDigits: 1 });

/** @param {number} n */
const drawn = (n) => html`<span class="stars" aria-hidden="true">${'★'.repeat(n)}${'☆'.repeat(MOST - n)}</span>`;

/** What all reviews of a book come to.
 *  @param {{ book: { average_rating?: number | null, review_count?: number } }} props */
export const Average = ({ book: { average_rating: average = null, review_count: reviews = 0 } }) => (average === null
    ? html`<span class="quiet">No reviews yet</span>`
    : html`<span class="rating">${drawn(Math.round(average))}
        <span class="quiet">${one.format(average)} of ${MOST} · ${count(reviews, 'review')}</span></span>`);

/** What one person gave.
 *  @param {{ rating: number }} props */
export const Rating = ({ rating }) => html`<span class="rating">
    ${drawn(rating)}<span class="unseen">${rating} of ${MOST} stars</span></span>`;

/** The field of a form: as many radio buttons as there are stars, so the arrow keys move between them.
 *  @param {{ form: import('../lib/form.js').Form<any>, name: string, label: string }} props */
export function StarsField({ form, name, label }) {
    const id = useId();
    const chosen = Number(form.values[name]);
    const error = form.errors[name];
    return html`<fieldset class="field stars-field" aria-describedby=${error ? `${id}-error` : undefined}>
        <legend>${label}</legend>
        <span class="choices">
            ${WORDS.map((word, i) => html`<label key=${word} class=${i < chosen ? 'lit' : ''} title=${word}>
                <input type="radio" name=${name} value=${i + 1} required checked=${i + 1 === chosen}
                    aria-label="${count(i + 1, 'star')}: ${word}" onChange=${() => form.set(name, String(i + 1))} />
                <span aria-hidden="true">${i < chosen ? '★' : '☆'}</span>
            </label>`)}
            <span class="quiet" aria-hidden="true">${WORDS[chosen - 1]}</span>
        </span>
        ${error && html`<small id="${id}-error" class="error">${error}</small>`}
    </fieldset>`;
}
