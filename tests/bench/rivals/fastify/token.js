// Tokens (HS256), and the session behind each: app.authenticate is the handler that demands one.
import { createHash, randomBytes } from 'node:crypto';
import jwt from '@fastify/jwt';

export const TOKEN_SECONDS = 1800;

// What roles give is another matter, of which no post has need.
const BEARER = `SELECT s.expires_at, u.is_active, u.uid, u.username FROM sessions s JOIN users u ON u.id = s.user_id
    WHERE s.id = ? AND s.user_id = ?`;

// A time as the database writes it.
export const sqlTime = (ms) => new Date(ms).toISOString().slice(0, 23).replace('T', ' ');

export async function useTokens(app) {
    const secret = process.env.SECRET_KEY;
    const kid = createHash('sha256').update(secret).digest('hex').slice(0, 16);
    await app.register(jwt, {
        secret,
        sign: { algorithm: 'HS256', kid, iss: 'quire', aud: 'quire', expiresIn: `${TOKEN_SECONDS}s` },
        verify: {
            algorithms: ['HS256'],
            allowedIss: 'quire',
            allowedAud: 'quire',
            requiredClaims: ['exp', 'id', 'sid'],
            cache: false,
        },
        decode: { complete: false },
    });

    app.decorate('makeToken', (user, session) =>
        app.jwt.sign({ id: user, sub: String(user), sid: session, jti: randomBytes(16).toString('hex') }),
    );

    app.decorate('authenticate', async (request, reply) => {
        const refuse = () => {
            reply.code(401).header('WWW-Authenticate', 'Bearer');
            return reply.send({ detail: 'Could not validate credentials' });
        };
        try {
            await request.jwtVerify();
        } catch {
            return refuse();
        }
        const [[session]] = await app.db.execute(BEARER, [request.user.sid, request.user.id]);
        if (!session || !session.is_active || session.expires_at <= sqlTime(Date.now())) {
            return refuse();
        }
    });
}
