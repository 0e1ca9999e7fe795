// What a browser says of itself (User-Agent), in few words. All of them say much more, most of it untrue: that of the more
// particular comes first.

const PROGRAMS = /** @type {[RegExp, string][]} */ ([
    [/\bEdgA?\//, 'Edge'], [/\bOPR\//, 'Opera'], [/\bSamsungBrowser\//, 'Samsung Internet'], [/\b(?:Firefox|FxiOS)\//, 'Firefox'],
    [/\b(?:Chrome|CriOS|HeadlessChrome)\//, 'Chrome'], [/\bVersion\/.*\bSafari\//, 'Safari'], [/^curl\//, 'curl'],
]);

const SYSTEMS = /** @type {[RegExp, string][]} */ ([
    [/\biPhone\b/, 'an iPhone'], [/\biPad\b/, 'an iPad'], [/\bAndroid\b/, 'Android'], [/\bWindows\b/, 'Windows'],
    [/\bMac OS X\b/, 'a Mac'], [/\bCrOS\b/, 'a Chromebook'], [/\bLinux\b/, 'Linux'],
]);

/** @param {[RegExp, string][]} list @param {string} text */
const first = (list, text) => list.find(([pattern]) => pattern.test(text))?.[1];

/** "Firefox on Linux"; of what is not known its own first word.
 *  @param {string | null} agent */
export function agentName(agent) {
    if (agent === null || agent.trim() === '') {
        return 'A program that does not say its name';
    }
    const program = first(PROGRAMS, agent);
    const system = first(SYSTEMS, agent);
    return `${program ?? agent.trim().split(/[\s/]/)[0].slice(0, 40)}${system === undefined ? '' : ` on ${system}`}`;
}
