// A value that pages look at and are drawn again for when it changes.
//
//     const count = new Store(0);        count.set(1);
//     const shown = useStore(count);     // in a component
import { useEffect, useState } from 'preact/hooks';

/** @template T */
export class Store {
    /** @param {T} value */
    constructor(value) {
        /** @type {T} */
        this.value = value;
        /** @type {Set<(value: T) => void>} */
        this.listeners = new Set();
    }

    /** @param {T} value */
    set(value) {
        this.value = value;
        for (const listener of this.listeners) {
            listener(value);
        }
    }
}

/**
 * The value as it stands.
 * @template T
 * @param {Store<T>} store
 * @returns {T}
 */
export function useStore(store) {
    const [value, set] = useState(() => store.value);
    useEffect(() => {
        const listener = (/** @type {T} */ next) => set(() => next);
        store.listeners.add(listener);
        listener(store.value); // it may have changed before this was drawn
        return () => { store.listeners.delete(listener); };
    }, [store]);
    return value;
}
