<?php
// POST /login, a form.
declare(strict_types=1);

const SESSION_SECONDS = 14 * 86400;
const EVENT_LOGIN = 1;
// Compared with when nobody has that name, so that it takes as long.
const DECOY = '$2b$12$quireDecoyquireDecoyququireDecoyquireDecoyquireDecoy/';

const ACCOUNT = 'SELECT id, password_hash, is_active FROM (SELECT 0 AS place, id, password_hash, is_active
    FROM users WHERE email_fold = ? UNION ALL SELECT 1, id, password_hash, is_active FROM users
    WHERE username_fold = ?) AS found ORDER BY place LIMIT 1';

/** The account that has this name and password, else null. */
function check_password(string $name, string $password): ?array
{
    $account = run(ACCOUNT, [$name, $name])->fetch();
    $right = password_verify($password, $account === false ? DECOY : $account['password_hash']);
    return $right && $account !== false && $account['is_active'] ? $account : null;
}

/** What a security event keeps of an address: its first 24 bits. */
function network_of(string $address): string
{
    return preg_replace('/\.\d+$/', '.0/24', $address);
}

/** The id and the refresh token of a new session; null when the password has been changed meanwhile. */
function open_session(array $account, int $now): ?array
{
    $db = database();
    $expires = gmdate('Y-m-d H:i:s', $now + SESSION_SECONDS);
    $refresh = base64url(random_bytes(32));
    $db->beginTransaction();
    try {
        $confirmed = run(
            'UPDATE users SET logins = logins + 1 WHERE id = ? AND password_hash = ? AND is_active = 1',
            [$account['id'], $account['password_hash']],
        )->rowCount();
        if ($confirmed === 0) {
            $db->rollBack();
            return null;
        }
        run(
            'INSERT INTO sessions (user_id, expires_at, agent, address) VALUES (?, ?, ?, ?)',
            [$account['id'], $expires, substr($_SERVER['HTTP_USER_AGENT'] ?? '', 0, 200), $_SERVER['REMOTE_ADDR']],
        );
        $session = (int)$db->lastInsertId();
        run('DELETE FROM sessions WHERE user_id = ? AND expires_at <= ?', [$account['id'], gmdate('Y-m-d H:i:s', $now)]);
        run(
            'INSERT INTO refresh_tokens (digest, session_id, expires_at) VALUES (?, ?, ?)',
            [hash('sha256', $refresh, true), $session, $expires],
        );
        run(
            'INSERT INTO audit_events (event, actor_id, subject_id, address, detail) VALUES (?, NULL, ?, ?, NULL)',
            [EVENT_LOGIN, $account['id'], network_of($_SERVER['REMOTE_ADDR'])],
        );
        $db->commit();
    } catch (PDOException $e) {
        $db->rollBack();
        throw $e;
    }
    return [$session, $refresh];
}

function log_in(): void
{
    $name = $_POST['username'] ?? '';
    $password = $_POST['password'] ?? '';
    if (!is_string($name) || !is_string($password) || $name === '' || $password === '' || strlen($password) > 72) {
        refuse(422, 'username and password are required');
        return;
    }
    $now = time();
    $account = check_password(strtolower($name), $password);
    $session = $account === null ? null : open_session($account, $now);
    if ($session === null) {
        refuse(401, 'Invalid credentials');
        return;
    }
    answer(200, [
        'access_token' => make_token($account['id'], $session[0], $now),
        'token_type' => 'bearer',
        'expires_in' => TOKEN_SECONDS,
        'refresh_token' => $session[1],
    ], ['Cache-Control: no-store']);
}
