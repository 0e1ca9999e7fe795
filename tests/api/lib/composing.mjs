// composing: runs the composers without a database, by the program tests/compose/draft.
//
//     const [draft] = await compose([{ composer: 'extract', topic: 'Reading more' }]);
//     draft.tweets, draft.params, draft.provider, draft.beats         // or draft.error, draft.detail, draft.cause
//     weigh(draft.tweets[0]) <= 280
import { join, resolve } from 'node:path';
import twitterText from 'twitter-text';
import { environment, mustRun, root } from './processes.mjs';

const program = join(resolve(root, process.env.QUIRE_COMPOSE ?? 'build/release/compose'), 'draft');

/** One draft for each brief, all by one process with these settings. */
export async function compose(briefs, settings = {}) {
    const env = environment({ SECRET_KEY: 'of composers that serve nobody at all', ...settings });
    const input = briefs.map((brief) => `${JSON.stringify(brief)}\n`).join('');
    const out = await mustRun(program, [], { env, input, timeout: 300000 });
    return out.trimEnd().split('\n').map((line) => JSON.parse(line));
}

/** What a tweet weighs by X's own library; it knows no emoji newer than Emoji 11. */
export function weigh(tweet) {
    return twitterText.parseTweet(tweet).weightedLength;
}
