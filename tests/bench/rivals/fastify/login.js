// POST /login, a form.
import { createHash, randomBytes } from 'node:crypto';
import bcrypt from 'bcrypt';
import { transaction } from './database.js';
import { TOKEN_SECONDS, sqlTime } from './token.js';

const SESSION_MS = 14 * 86400 * 1000;
// Compared with when nobody has that name, so that it takes as long.
const DECOY = '$2b$12$quireDecoyquireDecoyququireDecoyquireDecoyquireDecoy/';

const ACCOUNT = `SELECT id, password_hash, is_active FROM (SELECT 0 AS place, id, password_hash, is_active
    FROM users WHERE email_fold = ? UNION ALL SELECT 1, id, password_hash, is_active FROM users
    WHERE username_fold = ?) AS found ORDER BY place LIMIT 1`;
const CONFIRM = 'UPDATE users SET logins = logins + 1 WHERE id = ? AND password_hash = ? AND is_active = 1';
const ADD_SESSION = 'INSERT INTO sessions (user_id, expires_at, agent, address) VALUES (?, ?, ?, ?)';
const DROP_SESSIONS = 'DELETE FROM sessions WHERE user_id = ? AND expires_at <= ?';
const ADD_REFRESH = 'INSERT INTO refresh_tokens (digest, session_id, expires_at) VALUES (?, ?, ?)';
const ADD_EVENT = 'INSERT INTO audit_events (event, actor_id, subject_id, address, detail) VALUES (?, ?, ?, ?, ?)';
const EVENT_LOGIN = 1;

const form = {
    type: 'object',
    required: ['username', 'password'],
    properties: { username: { type: 'string', minLength: 1 }, password: { type: 'string', minLength: 1, maxLength: 72 } },
};

const token = {
    type: 'object',
    properties: {
        access_token: { type: 'string' },
        token_type: { type: 'string' },
        expires_in: { type: 'integer' },
        refresh_token: { type: 'string' },
    },
};

// What a security event keeps of an address: its first 24 bits.
const networkOf = (address) => address.replace(/\.\d+$/, '.0/24');

// The id of a new session, and its refresh token; undefined when the password has been changed meanwhile.
function openSession(app, account, request) {
    const now = Date.now();
    const expires = sqlTime(now + SESSION_MS);
    const refresh = randomBytes(32).toString('base64url');
    return transaction(app.db, async (connection) => {
        const [{ affectedRows }] = await connection.execute(CONFIRM, [account.id, account.password_hash]);
        if (affectedRows === 0) {
            return undefined;
        }
        const agent = (request.headers['user-agent'] ?? '').slice(0, 200);
        const address = request.headers['x-real-ip'] ?? '';
        const [done] = await connection.execute(ADD_SESSION, [account.id, expires, agent, address]);
        await connection.execute(DROP_SESSIONS, [account.id, sqlTime(now)]);
        await connection.execute(ADD_REFRESH, [createHash('sha256').update(refresh).digest(), done.insertId, expires]);
        await connection.execute(ADD_EVENT, [EVENT_LOGIN, null, account.id, networkOf(address), null]);
        return { id: done.insertId, refresh };
    });
}

export async function loginRoutes(app) {
    app.post('/', { schema: { body: form, response: { 200: token } } }, async (request, reply) => {
        const name = request.body.username.toLowerCase();
        const [[account]] = await app.db.execute(ACCOUNT, [name, name]);
        const right = await bcrypt.compare(request.body.password, account?.password_hash ?? DECOY);
        const session = right && account?.is_active ? await openSession(app, account, request) : undefined;
        if (!session) {
            return reply.code(401).header('WWW-Authenticate', 'Bearer').send({ detail: 'Invalid credentials' });
        }
        reply.header('Cache-Control', 'no-store');
        return {
            access_token: app.makeToken(account.id, session.id),
            token_type: 'bearer',
            expires_in: TOKEN_SECONDS,
            refresh_token: session.refresh,
        };
    });
}
