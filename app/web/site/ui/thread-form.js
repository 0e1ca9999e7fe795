// Editing a thread: its topic and its tweets. What is typed is kept in the browser until it is saved, together with the ETag
// of the version that it began with: when the thread has another one by then, both versions are shown against each other.
import { html } from 'htm/preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { api, ApiError } from '../api.js';
import { copy } from '../lib/copy.js';
import { useForm } from '../lib/form.js';
import { BETWEEN, freshId, inserted, mistakeOf, moved, read, TWEETS_MOST, without, write } from '../lib/tweets.js';
import { useVersion } from '../lib/version.js';
import { Conflict } from './conflict.js';
import { Field, Problem, Restored, Submit } from './field.js';
import { say } from './toasts.js';
import { TweetCard } from './tweet.js';

/** @typedef {import('../types').Thread} Thread */
/** @typedef {import('../lib/tweets.js').Tweet} Tweet */

/** @param {Thread} thread @param {string} etag */
const valuesOf = (thread, etag) => ({ topic: thread.topic, tweets: write(thread.tweets), base: etag });

/** @param {Tweet[]} tweets */
const textsOf = (tweets) => tweets.map(({ text }) => text);

/** @param {Tweet[]} tweets */
const asText = (tweets) => textsOf(tweets).join(BETWEEN);

/** What is wrong with which tweet, by their names.
 *  @param {Tweet[]} tweets @param {(tweet: Tweet, at: number) => string | undefined} tell */
const sorted = (tweets, tell) => Object.fromEntries(tweets.map((tweet, at) => [tweet.id, tell(tweet, at)]).filter(([, mistake]) => mistake));

/**
 * The list in the form, and what can be done with it. The keyboard goes where its work went.
 * @param {import('../lib/form.js').Form<any>} form
 */
function useTweets(form) {
    const tweets = read(form.values.tweets);
    const latest = useRef(tweets); // an Undo may come much later
    latest.current = tweets;
    const focusOn = useRef('');
    const dropUndo = useRef(() => {});
    const [told, tell] = useState('');
    useEffect(() => () => dropUndo.current(), []);
    useEffect(() => {
        if (focusOn.current !== '') {
            document.getElementById(focusOn.current)?.focus();
            focusOn.current = '';
        }
    });
    const set = (/** @type {Tweet[]} */ list, /** @type {string} */ focus = '') => {
        focusOn.current = focus;
        form.set('tweets', JSON.stringify(list));
    };
    return {
        tweets,
        told,
        /** @param {Tweet} tweet @param {string} text */
        change: ({ id }, text) => set(tweets.map((tweet) => (tweet.id === id ? { id, text } : tweet))),
        /** @param {Tweet} tweet @param {number} from @param {number} to */
        move: ({ id }, from, to) => {
            set(moved(tweets, id, to), `tweet-${id}-${to < from ? 'up' : 'down'}`);
            tell(`It is tweet ${to + 1} now.`);
        },
        add: () => {
            const id = freshId();
            set([...tweets, { id, text: '' }], `tweet-${id}`);
        },
        /** @param {Tweet} tweet @param {number} at */
        remove: (tweet, at) => {
            const rest = without(tweets, tweet.id);
            set(rest, `tweet-${rest[Math.min(at, rest.length - 1)].id}`);
            dropUndo.current = say(`Tweet ${at + 1} is removed.`, { label: 'Undo',
                run: () => set(inserted(without(latest.current, tweet.id), at, tweet), `tweet-${tweet.id}`) });
        },
    };
}

/** All tweets as one text, shown only where it could not be copied.
 *  @param {{ tweets: Tweet[] }} props */
function CopyAll({ tweets }) {
    const [shown, show] = useState(false);
    const field = useRef(/** @type {HTMLTextAreaElement | null} */ (null));
    useEffect(() => {
        if (shown) {
            field.current?.focus();
            field.current?.select();
        }
    }, [shown]);
    const click = () => copy(asText(tweets), 'All tweets are copied.', () => {
        show(true);
        return field.current;
    });
    return html`<button type="button" class="secondary" onClick=${click}>Copy all</button>
        ${shown && html`<label class="whole">All tweets
            <textarea ref=${field} readonly rows="8" value=${asText(tweets)}></textarea></label>`}`;
}

const REFUSED = 'Not saved: look at the marked tweets.';

/** Sorts what the server has against single tweets out of a 422.
 *  @param {unknown} error @param {Tweet[]} tweets @param {(wrong: Record<string, string>) => void} mark */
function refuse(error, tweets, mark) {
    if (!(error instanceof ApiError) || error.status !== 422) {
        throw error;
    }
    const ofTweets = error.mistakes.filter(({ loc }) => loc[1] === 'tweets' && typeof loc[2] === 'number');
    mark(sorted(tweets, (_, at) => ofTweets.find(({ loc }) => loc[2] === at)?.msg));
    throw new ApiError(422, error.code, ofTweets.length > 0 ? REFUSED : error.message,
        { mistakes: error.mistakes.filter((mistake) => !ofTweets.includes(mistake)) });
}

/** As two versions are compared: the tweets without the names that this page has given them.
 *  @param {string} topic @param {string[]} texts */
const versionOf = (topic, texts) => ({ topic, tweets: JSON.stringify(texts) });

/** Two versions, the tweets of each as one text.
 *  @param {{ version: import('../lib/version.js').Version<any>, form: import('../lib/form.js').Form<any> }} props */
function Decision({ version, form }) {
    const { theirs } = version;
    if (theirs === null) {
        return null;
    }
    const texts = JSON.parse(theirs.tweets);
    return html`<${Conflict} fields=${[['topic', 'Topic'], ['tweets', 'Tweets']]}
        version=${{ ...version, theirs: { ...theirs, tweets: texts.join(BETWEEN) } }}
        form=${{ ...form, values: { ...form.values, tweets: asText(read(form.values.tweets)) },
            set: (/** @type {string} */ name) => form.set(name, name === 'tweets' ? write(texts) : theirs[name]) }} />`;
}

/**
 * @param {object} props
 * @param {Thread} props.thread
 * @param {string} props.etag
 * @param {(thread: Thread, etag: string, whole: boolean) => void} props.saved whole: the form holds nothing else, and another may
 *     take its place
 * @param {{ current: boolean }} props.justSaved whether this form takes the place of one that was saved, and the keyboard with it
 */
export function ThreadForm({ thread, etag, saved, justSaved }) {
    const element = useRef(/** @type {HTMLFormElement | null} */ (null));
    useEffect(() => {
        if (justSaved.current) {
            justSaved.current = false;
            /** @type {HTMLElement | null | undefined} */ (element.current?.querySelector('[type=submit]'))?.focus();
        }
    }, []);
    const [wrong, mark] = useState(/** @type {Record<string, string>} */ ({}));
    const path = { id: thread.id };
    const version = useVersion({
        read: () => api.GET('/tweets/threads/{id}', { params: { path }, cache: 'no-store' }),
        valuesOf: (/** @type {Thread} */ theirs) => versionOf(theirs.topic, theirs.tweets),
    });
    const form = useForm({
        initial: valuesOf(thread, etag),
        draft: `thread.${thread.id}`,
        send: async ({ topic, tweets: kept, base }, _, isAll) => {
            const tweets = read(kept);
            const mistakes = sorted(tweets, ({ text }) => mistakeOf(text));
            mark(mistakes);
            const [first] = tweets.filter(({ id }) => id in mistakes);
            if (first !== undefined) {
                document.getElementById(`tweet-${first.id}`)?.focus();
                throw new ApiError(422, 'unprocessable', REFUSED);
            }
            try {
                const texts = textsOf(tweets);
                const { data, response } = await version.save(base, versionOf(topic, texts), (now) => api.PATCH('/tweets/threads/{id}',
                    { params: { path, header: { 'If-Match': now } }, body: { topic, tweets: texts } }));
                const [newer, whole] = [response.headers.get('ETag') ?? '', isAll()];
                if (whole) {
                    form.reset(); // before the thread is shown anew: no draft of it is left then
                } else {
                    form.set('base', newer); // what was typed meanwhile goes on from there
                }
                saved(data, newer, whole);
            } catch (error) {
                refuse(error, tweets, mark);
            }
        },
    });
    const { tweets, told, change, move, add, remove } = useTweets(form);
    return html`
        <${Decision} version=${version} form=${form} />
        <form ref=${element} onSubmit=${form.submit} class="thread">
            <${Restored} form=${form} />
            <${Field} form=${form} name="topic" label="Topic" with=${{ required: true, minlength: 10, maxlength: 500 }} />
            <h2>Tweets</h2>
            <ol role="list" class="tweets">
                ${tweets.map((tweet, at) => html`<li key=${tweet.id}><${TweetCard} tweet=${tweet} at=${at} of=${tweets.length}
                    error=${wrong[tweet.id]}
                    change=${(/** @type {string} */ text) => { mark({ ...wrong, [tweet.id]: '' }); change(tweet, text); }}
                    move=${(/** @type {number} */ to) => move(tweet, at, to)} remove=${() => remove(tweet, at)} /></li>`)}
            </ol>
            <p class="unseen" role="status">${told}</p>
            <${Problem} form=${form} />
            <p class="actions">
                <${Submit} form=${form}>Save<//>
                ${tweets.length < TWEETS_MOST && html`<button type="button" class="secondary" onClick=${add}>Add a tweet</button>`}
                <${CopyAll} tweets=${tweets} />
            </p>
        </form>`;
}
