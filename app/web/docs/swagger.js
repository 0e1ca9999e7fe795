// The page /docs: Swagger UI over this site's own document. "Authorize" logs in, "Try it out" sends real requests.
window.SwaggerUIBundle({
    url: '/openapi.json',
    dom_id: '#docs',
    deepLinking: true,
    filter: true,
    validatorUrl: null, // else a badge would be asked of another site
});
