// random: numbers that look random and are the same for the same seed, on every machine.
//
//     const random = new Random('7/lane 3/request 12');
//     random.below(10); random.pick(['a', 'b']); random.chance(0.1);

export class Random {
    /** seed: any text. */
    constructor(seed) {
        // FNV-1a spreads the text over 32 bits; next() is mulberry32.
        let hash = 0x811c9dc5;
        for (const byte of Buffer.from(seed)) {
            hash = Math.imul(hash ^ byte, 0x01000193);
        }
        this.state = hash >>> 0;
    }

    /** At least 0 and below 1. */
    next() {
        this.state = (this.state + 0x6d2b79f5) >>> 0;
        let t = this.state;
        t = Math.imul(t ^ (t >>> 15), t | 1);
        t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
        return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
    }

    /** An integer from 0 to n - 1. */
    below(n) {
        return Math.floor(this.next() * n);
    }

    /** An integer from low to high, both included. */
    between(low, high) {
        return low + this.below(high - low + 1);
    }

    chance(p) {
        return this.next() < p;
    }

    pick(list) {
        return list[this.below(list.length)];
    }

    /** Some of a list, in its order; at least `least`. */
    some(list, least = 0) {
        const kept = list.filter(() => this.chance(0.5));
        return kept.length >= least ? kept : list.slice(0, least);
    }

    /** The list in another order. */
    shuffled(list) {
        return list.map((each) => [this.next(), each]).sort(([a], [b]) => a - b).map(([, each]) => each);
    }
}
