// Tags as one line of text: "bread, night shift".
import { html } from 'htm/preact';
import { Field } from './field.js';

const MOST = 20;

/** The names in a line, each once, as they are written.
 *  @param {string} text @returns {string[]} */
export function readTags(text) {
    /** @type {Map<string, string>} */
    const names = new Map();
    for (const name of text.split(',').map((each) => each.trim()).filter(Boolean)) {
        names.set(name.toLowerCase(), names.get(name.toLowerCase()) ?? name);
    }
    return [...names.values()].slice(0, MOST);
}

/** @param {{ form: import('../lib/form.js').Form<any> }} props */
export const TagsField = ({ form }) => html`<${Field} form=${form} name="tags" label="Tags"
    hint="Up to twenty, with commas between them." with=${{ autocapitalize: 'off' }} />`;
