// The page /redoc: Redoc over this site's own document, to read. Fonts are the reader's own; none is loaded.
const text = { fontFamily: 'system-ui, sans-serif' };
window.Redoc.init('/openapi.json', {
    theme: { typography: { ...text, headings: text, code: { fontFamily: 'ui-monospace, monospace' } } },
}, document.getElementById('docs'));
