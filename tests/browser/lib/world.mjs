// world: a site with something of every kind in it, as pages show it to people; and the table of the pages.
//
//     const world = await furnish(site);                    // { ada, bea, admin, post, book, thread, tag, ... }
//     for (const { name, path, who } of pages) await visit(browser, path(world));
import assert from 'node:assert/strict';

const MARKDOWN = `A first paragraph with **bold**, _italic_, \`code\` and [a link](https://example.com/).

# A heading of the text

- one
- two
    1. and within it
    2. another

> Somebody else said this.

| what | how many | and a wide column whose words do not end soon |
|------|---------:|-----------------------------------------------|
| pens | 12       | a_word_without_any_place_to_break_it_${'x'.repeat(80)} |

\`\`\`
a line of code that is much wider than any window of a telephone: ${'0123456789'.repeat(12)}
\`\`\`

![a picture](https://example.com/picture.png)`;

/** A word that fits in no line. */
const LONG = `Long${'winded'.repeat(20)}`;

/** Fills an empty site. It needs `quire work` for the thread. */
export async function furnish(site) {
    const [admin, ada, bea] = [await site.admin(), await site.signUp(), await site.signUp({ username: LONG.slice(0, 40) })];
    const world = { admin, ada, bea };
    const profile = { bio: `Ada writes.\n\nOn two lines. ${LONG}`, website: 'https://example.com/ada' };
    await must(site.put('/users/me/profile', profile, ada));
    await posts(site, world);
    await library(site, world);
    await notes(site, world);
    await site.grant(bea, 'moderator');
    await site.grant(ada, LONG.slice(0, 50));
    const answer = await must(site.post('/tweets/generate', { topic: 'How paper lanterns are made', max_tweets: 4,
        source: `Paper lanterns are made of rice paper and bamboo. ${'They burn quietly, and for a long time. '.repeat(12)}` }, ada));
    world.thread = answer.json;
    return world;
}

async function must(asked) {
    const answer = await asked;
    assert.ok(answer.status < 300, answer.raw);
    return answer;
}

async function posts(site, world) {
    const { ada, bea, admin } = world;
    for (let i = 1; i <= 44; i++) {
        const title = i % 11 === 0 ? `${LONG} ${i}` : `Post number ${i}`;
        await site.createPost(i % 3 === 0 ? bea : ada, { title, content: `Text ${i}` });
    }
    world.draft = await site.createPost(ada, { title: 'Not finished', published: false });
    world.post = await site.createPost(ada, { title: 'Everything that Markdown has', content: MARKDOWN });
    const at = `/posts/${world.post.id}`;
    const names = ['lantern', 'night shift', LONG.slice(0, 50)];
    const tagged = await must(site.post(`${at}/tags`, { tags: names.map((name) => ({ name })) }, ada));
    world.tag = tagged.json.tags.find(({ name }) => name === 'lantern');
    for (const [person, type] of [[ada, 'upvote'], [bea, 'upvote'], [admin, 'downvote']]) {
        await must(site.put(`${at}/vote`, { vote_type: type }, person));
    }
    const question = await site.createComment(bea, world.post, `Where is it from?\nAnd how ${LONG}?`);
    const answer = await site.createComment(ada, world.post, 'From the north.', question);
    let last = await site.createComment(bea, world.post, 'Thank you.', answer);
    for (let depth = 3; depth <= 20; depth++) {
        last = await site.createComment(depth % 2 ? ada : bea, world.post, `And to that I say, at the depth of ${depth}, as follows.`, last);
    }
    await site.createComment(ada, world.post, 'By the way: <b>this is text</b>.');
}

async function library(site, world) {
    const { ada, bea, admin } = world;
    world.book = await site.createBook(ada, { title: 'The Lantern Bearers', author: 'Rosemary Sutcliff', publisher: 'OUP',
        published_date: '1959-10-01', page_count: 252, language: 'English' });
    await must(site.post(`/books/${world.book.uid}/tags`, { tags: [{ name: 'lantern' }] }, ada));
    await site.createReview(bea, world.book, 5, `As good as ever.\n${LONG}`);
    await site.createReview(admin, world.book, 2, 'Too long for me.');
    for (let i = 1; i <= 12; i++) {
        await site.createBook(i % 2 ? bea : ada, { title: i === 5 ? LONG : `Book ${i}`, author: i % 3 ? 'Somebody' : null });
    }
}

async function notes(site, { ada, bea }) {
    for (let i = 1; i <= 12; i++) {
        await site.create('/microposts', { body: i === 7 ? `${LONG}` : `A note, the ${i}th: good night.` }, i % 2 ? ada : bea);
    }
}

/**
 * The pages: how each is called, its address in such a world, who looks at it (nobody, ada: a member whose things are
 * shown, bea: a member whose things they are not, admin), and who at a site in which nothing is yet. may: complaints that
 * belong to it.
 */
export const pages = [
    { name: 'feed', path: () => '/', who: ['nobody', 'ada'], empty: ['nobody', 'ada'] },
    { name: 'feed-best', path: () => '/?sort=top', who: ['nobody'] },
    { name: 'post', path: ({ post }) => `/posts/${post.id}`, who: ['nobody', 'bea', 'ada'] },
    { name: 'post-draft', path: ({ draft }) => `/posts/${draft.id}`, who: ['ada'] },
    { name: 'post-missing', path: () => '/posts/999999', who: ['nobody'], may: /404/ },
    { name: 'post-new', path: () => '/posts/new', who: ['nobody', 'ada'] },
    { name: 'post-edit', path: ({ post }) => `/posts/${post.id}/edit`, who: ['bea', 'ada'] },
    { name: 'notes', path: () => '/notes', who: ['nobody', 'ada'], empty: ['nobody', 'ada'] },
    { name: 'books', path: () => '/books', who: ['nobody', 'ada'], empty: ['nobody', 'ada'] },
    { name: 'book', path: ({ book }) => `/books/${book.uid}`, who: ['nobody', 'bea', 'ada'] },
    { name: 'book-missing', path: () => '/books/01890000-0000-7000-8000-000000000000', who: ['nobody'], may: /404/ },
    { name: 'book-new', path: () => '/books/new', who: ['nobody', 'ada'] },
    { name: 'book-edit', path: ({ book }) => `/books/${book.uid}/edit`, who: ['bea', 'ada'] },
    { name: 'tags', path: () => '/tags', who: ['nobody', 'admin'], empty: ['nobody'] },
    { name: 'tag', path: ({ tag }) => `/tags/${tag.uid}`, who: ['nobody', 'admin'] },
    { name: 'tag-books', path: ({ tag }) => `/tags/${tag.uid}?show=books`, who: ['nobody'] },
    { name: 'search', path: () => '/search', who: ['nobody'] },
    { name: 'search-found', path: () => '/search?q=lantern', who: ['ada'], empty: ['nobody'] },
    { name: 'person', path: ({ ada }) => `/people/${ada.id}`, who: ['nobody', 'ada'], empty: ['ada'] },
    { name: 'person-notes', path: ({ bea }) => `/people/${bea.id}?show=notes`, who: ['nobody'], may: /404/ },
    { name: 'person-books', path: ({ ada }) => `/people/${ada.id}?show=books`, who: ['nobody'], empty: ['ada'] },
    { name: 'person-reviews', path: ({ bea }) => `/people/${bea.id}?show=reviews`, who: ['nobody'], may: /404/ },
    { name: 'person-missing', path: () => '/people/999999', who: ['nobody'], may: /404/ },
    { name: 'settings', path: () => '/settings', who: ['nobody', 'ada'], empty: ['ada'] },
    ...['account', 'password', 'sessions', 'data'].map((part) =>
        ({ name: `settings-${part}`, path: () => `/settings?show=${part}`, who: ['ada'] })),
    { name: 'threads', path: () => '/threads', who: ['nobody', 'ada'], empty: ['ada'] },
    { name: 'threads-attempts', path: () => '/threads?show=attempts', who: ['ada'], empty: ['ada'] },
    { name: 'thread-new', path: () => '/threads/new', who: ['nobody', 'ada'] },
    { name: 'thread', path: ({ thread }) => `/threads/${thread.id}`, who: ['nobody', 'ada'] },
    { name: 'thread-foreign', path: ({ thread }) => `/threads/${thread.id}`, who: ['bea'], may: /404/ },
    { name: 'admin', path: () => '/admin', who: ['nobody', 'ada', 'admin'], empty: ['admin'] },
    ...['roles', 'reviews', 'audit'].map((part) => ({ name: `admin-${part}`, path: () => `/admin?show=${part}`, who: ['admin'] })),
    { name: 'forgot', path: () => '/forgot', who: ['nobody'] },
    { name: 'reset-password', path: () => '/reset-password.html', who: ['nobody'] },
    { name: 'verify-email', path: () => '/verify-email.html', who: ['nobody'] },
    { name: 'login', path: () => '/login', who: ['nobody'] },
    { name: 'signup', path: () => '/signup', who: ['nobody'] },
    { name: 'nowhere', path: () => '/posts/1/2/3', who: ['nobody'] },
];
