<?php
/*
 * Four of Quire's endpoints in PHP: FPM with opcache, PDO with connections that persist. Used by tests/bench/compare alone.
 *
 * Settings as Quire's: DB_SOCKET DB_USER DB_PASSWORD DB_NAME SECRET_KEY.
 */
declare(strict_types=1);

require __DIR__ . '/web.php';
require __DIR__ . '/token.php';
require __DIR__ . '/posts.php';
require __DIR__ . '/login.php';

$path = parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH);
$method = $_SERVER['REQUEST_METHOD'];
try {
    if ($path === '/api/v1/posts' && $method === 'GET') {
        list_posts();
    } elseif ($path === '/api/v1/posts' && $method === 'POST') {
        create_post();
    } elseif ($path === '/api/v1/login' && $method === 'POST') {
        log_in();
    } elseif (is_string($path) && str_starts_with($path, '/api/v1/posts/') && $method === 'GET') {
        show_post(substr($path, strlen('/api/v1/posts/')));
    } else {
        refuse(404, 'Not Found');
    }
} catch (PDOException $e) {
    error_log($e->getMessage());
    refuse(500, 'Internal Server Error');
}
