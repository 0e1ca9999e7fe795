<?php
// GET /posts/{id}, GET /posts?limit=&skip=, POST /posts.
declare(strict_types=1);

const POST_COLUMNS = 'SELECT p.id, p.title, p.content, p.published, p.owner_id, u.username, p.votes, p.score,
    p.comment_count, p.created_at, p.updated_at FROM posts p LEFT JOIN users u ON u.id = p.owner_id ';

/** A DATETIME(6) in UTC; with microseconds only when they are not zero. */
function moment(string $text): string
{
    $text[10] = 'T';
    return (str_ends_with($text, '.000000') ? substr($text, 0, 19) : $text) . 'Z';
}

function post_of(array $row): array
{
    return [
        'id' => $row['id'],
        'title' => $row['title'],
        'content' => $row['content'],
        'published' => (bool)$row['published'],
        'owner_id' => $row['owner_id'],
        'owner' => ['id' => $row['owner_id'], 'username' => $row['username']],
        'votes' => $row['votes'],
        'score' => $row['score'],
        'comment_count' => $row['comment_count'],
        'created_at' => moment($row['created_at']),
        'updated_at' => moment($row['updated_at']),
    ];
}

function show_post(string $text): void
{
    $id = filter_var($text, FILTER_VALIDATE_INT);
    if ($id === false) {
        refuse(422, 'id must be an integer');
        return;
    }
    $row = run(POST_COLUMNS . 'WHERE p.id = ? AND p.published = 1', [$id])->fetch();
    if ($row === false) {
        refuse(404, "post with id: $id not found");
        return;
    }
    answer(200, post_of($row));
}

function list_posts(): void
{
    $limit = filter_var($_GET['limit'] ?? 10, FILTER_VALIDATE_INT, ['options' => ['min_range' => 1, 'max_range' => 100]]);
    $skip = filter_var($_GET['skip'] ?? 0, FILTER_VALIDATE_INT, ['options' => ['min_range' => 0]]);
    if ($limit === false || $skip === false) {
        refuse(422, 'limit must be from 1 to 100, skip not negative');
        return;
    }
    $rows = run(POST_COLUMNS . 'WHERE p.published = 1 ORDER BY p.id LIMIT ? OFFSET ?', [$limit, $skip])->fetchAll();
    answer(200, array_map('post_of', $rows));
}

/** The body's title, content and published; null when they are not as they must be. */
function read_post(): ?array
{
    $body = json_decode((string)file_get_contents('php://input'), true, 16);
    if (!is_array($body) || !is_string($body['title'] ?? null) || !is_string($body['content'] ?? null)
        || !is_bool($body['published'] ?? true)) {
        return null;
    }
    $length = preg_match_all('/./su', $body['title']);
    if ($length < 1 || $length > 200 || strlen($body['content']) > 2000000) {
        return null;
    }
    return [$body['title'], $body['content'], $body['published'] ?? true];
}

function create_post(): void
{
    $user = who_asks();
    if ($user === null) {
        refuse(401, 'Could not validate credentials');
        return;
    }
    $post = read_post();
    if ($post === null) {
        refuse(422, 'title (1 to 200 characters) and content are required');
        return;
    }
    $db = database();
    $db->beginTransaction();
    try {
        run('INSERT INTO posts (title, content, published, owner_id) VALUES (?, ?, ?, ?)', [...$post, $user]);
        $row = run(
            POST_COLUMNS . 'WHERE p.id = ? AND (p.published = 1 OR p.owner_id = ?)',
            [(int)$db->lastInsertId(), $user],
        )->fetch();
        $db->commit();
    } catch (PDOException $e) {
        $db->rollBack();
        throw $e;
    }
    answer(201, post_of($row), ["Location: /api/v1/posts/$row[id]"]);
}
