// Tags as one line of text: "bread, night shift".
import { html } from 'htm/preact';
import { Field } from './field.js';

/** @param {{ form: import('../lib/form.js').Form<any> }} props */
export const TagsField = ({ form }) => html`<${Field} form=${form} name="tags" label="Tags"
    hint="With commas between them." with=${{ autocapitalize: 'off' }} />`;
