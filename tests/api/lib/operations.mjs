// operations: what an OpenAPI document holds.
//
//     for (const { method, path, operation } of operationsOf(document)) …

/**
 * Every operation: its method, its path with the server's base before it, and what the document says of it.
 * operation.bare: it stands outside the base path.
 */
export function operationsOf(document) {
    return Object.entries(document.paths).flatMap(([path, item]) => {
        const base = (item.servers ?? document.servers)[0].url.replace(/\/$/, '');
        return Object.entries(item).filter(([method]) => /^(get|post|put|patch|delete)$/.test(method))
            .map(([method, operation]) => ({ method: method.toUpperCase(), path: base + path,
                operation: { ...operation, bare: item.servers !== undefined } }));
    });
}
