// What the links of mails lead to: the token stands behind the #, which no server sees and no log keeps. Nothing is sent
// before somebody asks for it by the button, so that a program that only looks at links uses up no token.
'use strict';

const form = document.querySelector('form');
const status = document.querySelector('[role=status]');
let token = null;
let busy = false;

function say(text) {
    status.textContent = text;
}

/** Takes the token out of the address. */
function take() {
    token = new URLSearchParams(location.hash.slice(1)).get('token');
    history.replaceState(null, '', location.pathname);
    form.hidden = token === null;
    say(token === null ? 'There is no token in this address: open the whole link of the mail.' : '');
}

/** The sentence of an error, or the first of several. */
function reason(answer) {
    const detail = answer?.detail;
    return typeof detail === 'string' ? detail : detail?.[0]?.msg ?? 'That did not work; try again later.';
}

form.addEventListener('submit', async (event) => {
    event.preventDefault();
    if (busy) {
        return; // a token is good once: a second answer would say that it was used
    }
    busy = true;
    try {
        const response = await fetch(form.dataset.to, {
            method: 'POST',
            headers: { 'Content-Type': 'application/json' },
            body: JSON.stringify({ token, ...Object.fromEntries(new FormData(form)) }),
        });
        if (response.ok) {
            form.hidden = true;
            say(form.dataset.done);
        } else {
            say(reason(await response.json()));
        }
    } catch {
        say('The server cannot be reached; try again later.');
    } finally {
        busy = false;
    }
});

take();
addEventListener('hashchange', take); // the link of a newer mail, opened in this window
