// document: the OpenAPI document of a site, and what says whether it is a good one.
//
//     const document = await fetchDocument(client);
//     assert.deepEqual(await complaints(text), []);
import assert from 'node:assert/strict';
import { createConfig, lintFromString } from '@redocly/openapi-core';
import { Validator } from '@seriousme/openapi-schema-validator';
import spectral from '@stoplight/spectral-core';
import parsers from '@stoplight/spectral-parsers';
import rulesets from '@stoplight/spectral-rulesets';

/** What the OpenAPI 3.1 schema, Spectral (spectral:oas) and Redocly (recommended) say against a document, a line each. */
export async function complaints(text) {
    const valid = await new Validator().validate(JSON.parse(text));
    const ruleset = { extends: [[rulesets.oas, 'recommended']] };
    const linter = new spectral.Spectral();
    linter.setRuleset(ruleset);
    const found = await linter.run(new spectral.Document(text, parsers.Json, 'openapi.json'));
    const config = await createConfig({ extends: ['recommended'] });
    const problems = await lintFromString({ source: text, config, absoluteRef: '/openapi.json' });
    return [
        ...(valid.valid ? [] : [`openapi 3.1: ${JSON.stringify(valid.errors)}`]),
        ...found.map(({ code, path, message }) => `spectral ${code} ${path.join('.')}: ${message}`),
        ...problems.map(({ ruleId, location, message }) => `redocly ${ruleId} ${location[0]?.pointer}: ${message}`),
    ];
}

/** The document of a site. */
export async function fetchDocument(client) {
    const answer = await client.get('//openapi.json');
    assert.equal(answer.status, 200, answer.raw.slice(0, 300));
    return answer.json;
}
