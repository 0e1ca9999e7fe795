// A frontend in TypeScript: types made of the document of a running site (openapi-typescript), a client of them
// (openapi-fetch), compiled as strictly as tsc can, and a whole journey run against that site. The sources are in
// tests/typescript.
import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { checkAnswer } from './lib/contract.mjs';
import { environment, folder, mustRun, root, run } from './lib/processes.mjs';
import { startSite } from './lib/site.mjs';
import { test } from './lib/test.mjs';

const ts = createRequire(import.meta.url)('typescript');
const site = await startSite();
const origin = `http://127.0.0.1:${site.front.port}`;
const modules = join(root, 'tests/node_modules');
const dir = join(folder(), 'frontend');
const strictness = ['strict', 'noUncheckedIndexedAccess', 'exactOptionalPropertyTypes'];

// A frontend's folder, in which the recipe of the README is followed.
mkdirSync(dir);
symlinkSync(modules, join(dir, 'node_modules'));
writeFileSync(join(dir, 'package.json'), '{"type":"module"}\n');
for (const name of ['tsconfig.json', 'journey.ts', 'mistakes.ts']) {
    copyFileSync(join(root, 'tests/typescript', name), join(dir, name));
}
const recipe = readFileSync(join(root, 'README.md'), 'utf8');
await node(['openapi-typescript/bin/cli.js', `${origin}/openapi.json`, '-o', 'quire.d.ts'], mustRun);

/** A program of a package, in the frontend's folder. */
function node([program, ...args], how = run) {
    const options = { cwd: dir, env: environment(), timeout: 120000 };
    return how(process.execPath, [join(modules, program), ...args], options);
}

/** What tsc says against some files with the options of tsconfig.json: { file, line, code, text } each. */
async function compile(files) {
    const { compilerOptions } = JSON.parse(readFileSync(join(dir, 'tsconfig.json'), 'utf8'));
    writeFileSync(join(dir, 'build.json'), JSON.stringify({ compilerOptions, files }));
    const { code, stdout, stderr } = await node(['typescript/bin/tsc', '-p', 'build.json', '--pretty', 'false']);
    const found = stdout.split('\n').filter((line) => /^\S/.test(line)).map((text) => {
        const [, file, line, error] = /^(.+)\((\d+),\d+\): error (TS\d+): /.exec(text) ?? assert.fail(text);
        return { file, line: Number(line), code: error, text };
    });
    assert.equal(code === 0, found.length === 0, stdout + stderr);
    return found;
}

/** Where a source says that it knows better than the compiler, or where the compiler knows nothing. */
function unchecked(name) {
    const { compilerOptions } = JSON.parse(readFileSync(join(dir, 'tsconfig.json'), 'utf8'));
    const { options, errors } = ts.convertCompilerOptionsFromJson(compilerOptions, dir);
    assert.deepEqual(errors, []);
    const program = ts.createProgram([join(dir, name)], options);
    const source = program.getSourceFile(join(dir, name));
    const types = program.getTypeChecker();
    const found = /@ts-/.test(source.text) ? ['a comment that silences the compiler'] : [];
    const visit = (each, inType) => {
        const banned = ts.isAsExpression(each) || ts.isTypeAssertionExpression(each) || ts.isNonNullExpression(each)
            || each.kind === ts.SyntaxKind.AnyKeyword;
        const any = !inType && ts.isExpression(each) && (types.getTypeAtLocation(each).flags & ts.TypeFlags.Any) !== 0;
        if (banned || any) {
            const { line } = source.getLineAndCharacterOfPosition(each.getStart());
            found.push(`${name}:${line + 1}: ${banned ? 'a claim' : 'of no type'}: ${each.getText()}`);
        }
        // Names within types, and of modules, are no values.
        const type = inType || ts.isTypeNode(each) || ts.isImportDeclaration(each);
        ts.forEachChild(each, (child) => visit(child, type));
    };
    visit(source, false);
    return found;
}

/** fetch, each exchange checked as those of all tests are. */
async function checkedFetch(request) {
    const response = await fetch(request);
    const raw = await response.clone().text();
    const json = raw === '' ? undefined : JSON.parse(raw);
    const { pathname, search } = new URL(request.url);
    const answer = { status: response.status, headers: Object.fromEntries(response.headers), raw, json };
    checkAnswer(request.method, pathname + search, answer, site.passwords);
    site.recorder.record(request.method, pathname + search, answer);
    if (json?.access_token !== undefined) {
        site.keep(json.access_token);
    }
    return response;
}

test('tsc compiles the journey, with every strictness, nothing silenced and nothing of no type', async () => {
    const { compilerOptions } = JSON.parse(readFileSync(join(dir, 'tsconfig.json'), 'utf8'));
    strictness.forEach((name) => assert.equal(compilerOptions[name], true, name));
    assert.equal(compilerOptions.skipLibCheck, undefined);
    assert.deepEqual(await compile(['journey.ts']), []);
    assert.deepEqual(unchecked('journey.ts'), []);
});

test('what looks for claims and holes does find them', () => {
    writeFileSync(join(dir, 'holes.ts'), ['let a: any;', 'export const b = 1 as number;', 'export const c = b!;',
        '// @ts-ignore', "export const d = JSON.parse('1');", ''].join('\n'));
    const found = unchecked('holes.ts');
    assert.match(found[0], /silences/);
    for (const line of [1, 2, 3, 5]) {
        assert.ok(found.some((each) => each.startsWith(`holes.ts:${line}: `)), `${line} of ${found.join('\n')}`);
    }
});

test('the journey: sign up, log in, write, list, comment, vote, change, be refused, delete', async () => {
    const { journey } = await import(pathToFileURL(join(dir, 'journey.js')));
    const username = site.name();
    const person = { username, email: `${username}@example.com`, password: site.password() };
    const story = await journey(`${origin}/api/v1`, person, checkedFetch);
    assert.equal(story.me.username, username);
    assert.equal(story.post.owner.username, username);
    assert.equal(story.post.published, true);
    assert.deepEqual(story.titles, ['A bell', 'A chart', 'A lantern']);
    assert.equal(story.total, 3);
    assert.equal(story.comment.parent_id, null);
    assert.deepEqual(story.replies, ['Where?']);
    assert.equal(story.votes, 1);
    assert.equal(story.patched.title, 'A brighter lantern');
    assert.match(story.stale, /\w/);
    assert.deepEqual(story.mistakes.map(({ type, loc, ctx }) => ({ type, loc, ctx })), [
        { type: 'string_too_short', loc: ['body', 'title'], ctx: { min_length: 1 } },
        { type: 'string_too_long', loc: ['body', 'content'], ctx: { max_length: 500000 } },
    ]);
    assert.equal(story.gone, `post with id: ${story.post.id} not found`);
    const left = await site.query(`SELECT title, published FROM posts WHERE owner_id = ${story.me.id} ORDER BY title`);
    assert.deepEqual(left.map(({ title, published }) => [title, Number(published)]), [['A bell', 0], ['A chart', 0]]);
    await site.assertCounters();
});

test('the types bind: each deliberate mistake is an error, and nothing else is', async () => {
    const expected = readFileSync(join(dir, 'mistakes.ts'), 'utf8').split('\n').flatMap((text, i) => {
        const code = /; \/\/ (TS\d+)$/.exec(text)?.[1];
        return code === undefined ? [] : [`mistakes.ts:${i + 1} ${code}`];
    });
    const found = await compile(['mistakes.ts']);
    assert.deepEqual(found.map(({ file, line, code }) => `${file}:${line} ${code}`), expected,
        found.map(({ text }) => text.slice(0, 300)).join('\n'));
    assert.ok(expected.length >= 20, `${expected.length}`);
});

test('the types are as good as the document: no default makes a body longer, no object is empty', async () => {
    const text = readFileSync(join(dir, 'quire.d.ts'), 'utf8');
    assert.doesNotMatch(text.replace(/^export type .*$/gm, ''), /Record<string, never>/);
    const { schemas } = JSON.parse(await site.mustQuire(['openapi'])).components;
    assert.deepEqual(schemas.PostCreate.properties.published.allOf, [{ type: 'boolean', default: true }]);
});

test('the README\'s lines for frontend developers compile, and print what they should', async () => {
    const [, shell, code] = /```sh\n([^`]*openapi-typescript http[^`]*)```[\s\S]*?```ts\n([\s\S]*?)```/.exec(recipe)
        ?? assert.fail('there is no recipe in the README');
    assert.match(shell, /^npx openapi-typescript http:\/\/127\.0\.0\.1:8080\/openapi\.json -o quire\.d\.ts$/m);
    const locked = JSON.parse(readFileSync(join(root, 'tests/package.json'), 'utf8')).dependencies;
    assert.ok(code.includes('http://127.0.0.1:8080/'), code);
    const ada = await site.signUp();
    await site.createPost(ada, { title: 'Hello' });
    const own = code.replaceAll('http://127.0.0.1:8080', origin).replaceAll('ada@example.com', ada.email)
        .replaceAll('Secret123!', ada.password);
    writeFileSync(join(dir, 'recipe.ts'), own);
    assert.deepEqual(await compile(['recipe.ts']), [], own);
    const { code: status, stdout, stderr } = await run(process.execPath, ['recipe.js'], { cwd: dir });
    assert.equal(status, 0, stderr);
    assert.match(stdout, /^Hello\b/m);
    for (const name of ['openapi-typescript', 'openapi-fetch', 'typescript']) {
        assert.ok(shell.includes(`${name}@${locked[name].split('.')[0]}`), `${name} of another version: ${shell}`);
    }
});
