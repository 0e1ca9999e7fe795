<?php
// What the endpoints share: the database, and how they answer.
declare(strict_types=1);

function database(): PDO
{
    static $db = null;
    // The usual form: one connection a process, kept; statements prepared by the driver, so one journey each.
    return $db ??= new PDO(
        'mysql:unix_socket=' . getenv('DB_SOCKET') . ';dbname=' . getenv('DB_NAME') . ';charset=utf8mb4',
        getenv('DB_USER'),
        getenv('DB_PASSWORD'),
        [
            PDO::ATTR_PERSISTENT => true,
            PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION,
            PDO::ATTR_DEFAULT_FETCH_MODE => PDO::FETCH_ASSOC,
            PDO::MYSQL_ATTR_INIT_COMMAND => "SET time_zone = '+00:00', tx_isolation = 'READ-COMMITTED'",
        ],
    );
}

/** Runs a statement with its values: whole numbers, texts or booleans. */
function run(string $sql, array $values): PDOStatement
{
    $statement = database()->prepare($sql);
    foreach ($values as $i => $value) {
        $type = is_int($value) ? PDO::PARAM_INT : (is_bool($value) ? PDO::PARAM_BOOL : PDO::PARAM_STR);
        $statement->bindValue($i + 1, $value, $type);
    }
    $statement->execute();
    return $statement;
}

function answer(int $status, mixed $value, array $headers = []): void
{
    http_response_code($status);
    header('Content-Type: application/json');
    foreach ($headers as $header) {
        header($header);
    }
    echo json_encode($value, JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE | JSON_THROW_ON_ERROR);
}

function refuse(int $status, string $why): void
{
    answer($status, ['detail' => $why], $status === 401 ? ['WWW-Authenticate: Bearer'] : []);
}
