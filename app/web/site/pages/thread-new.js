// Having a thread made: what it is to be about, then how far it is. The attempt's id stands in the address, so that a page
// that is loaded again goes on to watch it.
import { html } from 'htm/preact';
import { useLocation } from 'preact-iso/router';
import { api, must } from '../api.js';
import { attemptOf } from '../lib/attempt.js';
import { useForm } from '../lib/form.js';
import { keep, recall } from '../lib/storage.js';
import { useSession } from '../session.js';
import { Progress } from '../ui/attempt.js';
import { Field, Problem, Restored, Submit } from '../ui/field.js';
import { LogInFirst } from '../ui/login-first.js';
import { useTitle } from '../ui/parts.js';

const DRAFT = 'thread.new';
/** What was asked for last, until there is a thread: the way back to it, should there be none. */
const ASKED = 'draft.thread.asked';

const TONES = ['neutral', 'professional', 'casual', 'humorous', 'inspirational', 'educational'];

function Ask() {
    const { route } = useLocation();
    const form = useForm({
        initial: { topic: '', tone: '', max_tweets: '5', source: '', numbered: false },
        draft: DRAFT,
        send: async (values, key) => {
            const { topic, tone, source, numbered } = values;
            const { response } = await must(api.POST('/tweets/generate', {
                params: { header: { Prefer: 'respond-async', 'Idempotency-Key': key } },
                body: { topic, tone: tone || null, source: source || null, numbered, max_tweets: Number(values.max_tweets) || null },
            }));
            keep(ASKED, JSON.stringify(values));
            route(`/threads/new?attempt=${attemptOf(response)}`, true);
        },
    });
    return html`<form onSubmit=${form.submit}>
        <${Restored} form=${form} />
        <${Field} form=${form} name="topic" label="Topic" hint="What the thread is to be about: 10 to 500 characters."
            with=${{ required: true, minlength: 10, maxlength: 500 }} />
        <${Field} form=${form} name="source" type="textarea" label="Text to make it of"
            hint="Without one, it is made of what people have written here about the topic." with=${{ rows: 8, maxlength: 20000 }} />
        <${Field} form=${form} name="tone" label="Tone" hint="In a word or two, or nothing."
            with=${{ maxlength: 50, list: 'tones', autocomplete: 'off' }} />
        <${Field} form=${form} name="max_tweets" type="number" label="Tweets at most" hint="1 to 20." with=${{ required: true, min: 1, max: 20 }} />
        <datalist id="tones">${TONES.map((tone) => html`<option value=${tone} />`)}</datalist>
        <label><input type="checkbox" name="numbered" checked=${form.values.numbered}
            onChange=${(/** @type {{ currentTarget: HTMLInputElement }} */ event) => form.set('numbered', event.currentTarget.checked)} />
            Number the tweets: 1/5, 2/5, …</label>
        <${Problem} form=${form} />
        <${Submit} form=${form}>Make the thread<//>
    </form>`;
}

/** @param {{ id: number }} props */
function Watch({ id }) {
    const { route } = useLocation();
    const back = () => {
        const asked = recall(ASKED);
        if (asked !== null) {
            keep(`draft.${DRAFT}`, asked);
        }
        route('/threads/new', true);
    };
    const made = (/** @type {import('../types').Attempt} */ attempt) => {
        keep(ASKED, null);
        route(attempt.thread_id === null ? '/threads' : `/threads/${attempt.thread_id}`, true);
    };
    return html`<${Progress} id=${id} made=${made} retry=${back}><a href="/threads">To your threads</a><//>`;
}

/** @param {{ query: Record<string, string> }} props */
export default function ThreadNew({ query }) {
    const me = useSession();
    useTitle('Make a thread');
    if (me === null) {
        return html`<${LogInFirst} what="to make threads" />`;
    }
    const id = Number(query.attempt);
    return html`<h1>Make a thread</h1>
        ${id > 0 ? html`<${Watch} key=${id} id=${id} />` : html`<${Ask} />`}`;
}
