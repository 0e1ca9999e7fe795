// secrets: texts that must not show, looked for in many others. There may be thousands, and most begin alike ("pw-", "eyJ"): a
// text without the beginning of any holds none of them.
//
//     const secrets = new Secrets();
//     secrets.add(password);
//     assert.equal(secrets.foundIn(answer.raw), undefined);
const HEAD = 3;

export class Secrets {
    #byHead = new Map(); // the first characters → all that begin so

    add(secret) {
        const text = String(secret); // what should have been one, and is not there, is "undefined"
        const head = text.slice(0, HEAD);
        this.#byHead.set(head, (this.#byHead.get(head) ?? new Set()).add(text));
        return this;
    }

    get size() {
        return [...this].length;
    }

    * [Symbol.iterator]() {
        for (const alike of this.#byHead.values()) {
            yield* alike;
        }
    }

    /** One that is in the text, or undefined. */
    foundIn(text) {
        for (const [head, alike] of this.#byHead) {
            const found = text.includes(head) ? [...alike].find((secret) => text.includes(secret)) : undefined;
            if (found !== undefined) {
                return found;
            }
        }
        return undefined;
    }
}
