<?php
// Tokens (HS256), and the session behind each.
declare(strict_types=1);

const TOKEN_SECONDS = 1800;

// What roles give is another matter, of which no post has need.
const BEARER = "SELECT s.expires_at, u.is_active, u.uid, u.username FROM sessions s JOIN users u ON u.id = s.user_id
    WHERE s.id = ? AND s.user_id = ?";

function base64url(string $bytes): string
{
    return rtrim(strtr(base64_encode($bytes), '+/', '-_'), '=');
}

function base64url_read(string $text): string
{
    return (string)base64_decode(strtr($text, '-_', '+/'), true);
}

/** The name of the secret. */
function key_id(): string
{
    return substr(hash('sha256', getenv('SECRET_KEY')), 0, 16);
}

function make_token(int $user, int $session, int $now): string
{
    $header = ['alg' => 'HS256', 'typ' => 'JWT', 'kid' => key_id()];
    $claims = ['id' => $user, 'sub' => (string)$user, 'sid' => $session, 'iat' => $now, 'exp' => $now + TOKEN_SECONDS,
        'iss' => 'quire', 'aud' => 'quire', 'jti' => bin2hex(random_bytes(16))];
    $signed = base64url(json_encode($header)) . '.' . base64url(json_encode($claims));
    return $signed . '.' . base64url(hash_hmac('sha256', $signed, getenv('SECRET_KEY'), true));
}

/** The claims of a good token, else null. */
function read_token(string $token): ?array
{
    $parts = explode('.', $token);
    if (count($parts) !== 3) {
        return null;
    }
    $header = json_decode(base64url_read($parts[0]), true);
    if (!is_array($header) || ($header['alg'] ?? '') !== 'HS256' || ($header['kid'] ?? '') !== key_id()) {
        return null;
    }
    $made = hash_hmac('sha256', "$parts[0].$parts[1]", getenv('SECRET_KEY'), true);
    if (!hash_equals($made, base64url_read($parts[2]))) {
        return null;
    }
    $claims = json_decode(base64url_read($parts[1]), true);
    $now = time();
    $good = is_array($claims) && is_int($claims['exp'] ?? null) && $claims['exp'] > $now && ($claims['nbf'] ?? 0) <= $now
        && ($claims['iat'] ?? 0) <= $now + 60 && ($claims['iss'] ?? '') === 'quire' && ($claims['aud'] ?? '') === 'quire'
        && is_int($claims['id'] ?? null) && is_int($claims['sid'] ?? null);
    return $good ? $claims : null;
}

/** The id of who has sent a good token whose session lives, else null. */
function who_asks(): ?int
{
    $header = $_SERVER['HTTP_AUTHORIZATION'] ?? '';
    if (strncasecmp($header, 'Bearer ', 7) !== 0 || ($claims = read_token(substr($header, 7))) === null) {
        return null;
    }
    $session = run(BEARER, [$claims['sid'], $claims['id']])->fetch();
    $lives = $session !== false && $session['is_active'] && $session['expires_at'] > gmdate('Y-m-d H:i:s');
    return $lives ? $claims['id'] : null;
}
