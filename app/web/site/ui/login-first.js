// Shown in place of a page that is only for who is logged in.
import { html } from 'htm/preact';
import { useLocation } from 'preact-iso/router';
import { withNext } from '../lib/next.js';
import { Empty, useTitle } from './parts.js';

/** @param {{ what?: string }} props */
export function LogInFirst({ what = 'to see this page' }) {
    const { url } = useLocation();
    useTitle('Log in');
    return html`<${Empty}><h1>Log in first</h1>
        <p><a href=${withNext('/login', url)}>Log in</a> or <a href=${withNext('/signup', url)}>sign up</a> ${what}.</p><//>`;
}
