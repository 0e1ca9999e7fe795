// lighthouse: its marks for a page of a site, given by a Chromium of its own that reaches nothing else.
//
//     const chromium = await startMeasured();
//     const report = await chromium.report(`${origin}/`, 'mobile');     // Lighthouse's: { categories, audits, ... }
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { environment, folder, start, until } from '../../api/lib/processes.mjs';
import { accepts, freePort } from '../../api/lib/nginx.mjs';
import { CHROMIUM, offline } from './browser.mjs';

export const CATEGORIES = ['performance', 'accessibility', 'best-practices'];

/** A Chromium without a profile, to be spoken to by a port; it ends with the test file. */
export async function startMeasured() {
    const { default: lighthouse, desktopConfig } = await import('lighthouse');
    const home = join(folder(), 'lighthouse');
    mkdirSync(home);
    const port = await freePort();
    const args = [`--remote-debugging-port=${port}`, `--user-data-dir=${home}`, '--headless=new', ...offline,
        ...(process.getuid() === 0 ? ['--no-sandbox'] : []), 'about:blank']; // root has no sandbox
    const child = start(CHROMIUM, args, { env: environment({ HOME: home }), log: join(home, 'chromium.log') });
    await until('Chromium listens', () => accepts(port));

    /** Lighthouse's report; form: 'mobile' or 'desktop'. */
    const report = async (url, form, categories = CATEGORIES) => {
        const flags = { port, output: 'json', logLevel: 'error', onlyCategories: categories };
        const { lhr } = await lighthouse(url, flags, form === 'desktop' ? desktopConfig : undefined);
        if (lhr.runtimeError !== undefined) {
            throw new Error(`${lhr.runtimeError.code}: ${lhr.runtimeError.message}`);
        }
        return lhr;
    };
    return { report, stop: () => child.stop() };
}
