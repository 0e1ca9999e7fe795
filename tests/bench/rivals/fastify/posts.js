// GET /posts/{id}, GET /posts?limit=&skip=, POST /posts.
import { transaction } from './database.js';

const COLUMNS = `SELECT p.id, p.title, p.content, p.published, p.owner_id, u.username, p.votes, p.score, p.comment_count,
    p.created_at, p.updated_at FROM posts p LEFT JOIN users u ON u.id = p.owner_id`;
const ONE = `${COLUMNS} WHERE p.id = ? AND p.published = 1`;
const OWN = `${COLUMNS} WHERE p.id = ? AND (p.published = 1 OR p.owner_id = ?)`;
const PAGE = `${COLUMNS} WHERE p.published = 1 ORDER BY p.id LIMIT ? OFFSET ?`;
const ADD = 'INSERT INTO posts (title, content, published, owner_id) VALUES (?, ?, ?, ?)';

// What is answered is written by a serializer that Fastify compiles of this.
const postShape = {
    type: 'object',
    properties: {
        id: { type: 'integer' },
        title: { type: 'string' },
        content: { type: 'string' },
        published: { type: 'boolean' },
        owner_id: { type: 'integer' },
        owner: { type: 'object', properties: { id: { type: 'integer' }, username: { type: 'string' } } },
        votes: { type: 'integer' },
        score: { type: 'integer' },
        comment_count: { type: 'integer' },
        created_at: { type: 'string' },
        updated_at: { type: 'string' },
    },
};

const newPost = {
    type: 'object',
    required: ['title', 'content'],
    properties: {
        title: { type: 'string', minLength: 1, maxLength: 200 },
        content: { type: 'string', maxLength: 500000 },
        published: { type: 'boolean', default: true },
    },
};

const pattern = (most) => ({ type: 'string', pattern: most });
const pageQuery = {
    type: 'object',
    properties: { limit: pattern('^([1-9][0-9]?|100)$'), skip: pattern('^[0-9]{1,15}$') },
};

// Microseconds only when they are not zero.
const moment = (text) => `${(text.endsWith('.000000') ? text.slice(0, 19) : text).replace(' ', 'T')}Z`;

const postOf = (row) => ({
    ...row,
    published: row.published === 1,
    owner: { id: row.owner_id, username: row.username },
    created_at: moment(row.created_at),
    updated_at: moment(row.updated_at),
});

export async function postRoutes(app) {
    app.get(
        '/:id',
        { schema: { params: { type: 'object', properties: { id: pattern('^[0-9]{1,15}$') } }, response: { 200: postShape } } },
        async (request, reply) => {
            const [[row]] = await app.db.execute(ONE, [Number(request.params.id)]);
            if (!row) {
                return reply.code(404).send({ detail: `post with id: ${request.params.id} not found` });
            }
            return postOf(row);
        },
    );

    const pageAnswer = { 200: { type: 'array', items: postShape } };
    app.get('/', { schema: { querystring: pageQuery, response: pageAnswer } }, async (request) => {
        const { limit = '10', skip = '0' } = request.query;
        const [rows] = await app.db.execute(PAGE, [limit, skip]);
        return rows.map(postOf);
    });

    const guarded = { onRequest: app.authenticate, schema: { body: newPost, response: { 201: postShape } } };
    app.post('/', guarded, async (request, reply) => {
        const { title, content, published } = request.body;
        const row = await transaction(app.db, async (connection) => {
            const [done] = await connection.execute(ADD, [title, content, published, request.user.id]);
            const [[made]] = await connection.execute(OWN, [done.insertId, request.user.id]);
            return made;
        });
        return reply.code(201).header('Location', `/api/v1/posts/${row.id}`).send(postOf(row));
    });
}
