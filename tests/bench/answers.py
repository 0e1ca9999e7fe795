"""answers: whether two programs answer alike, and the requests that a benchmark makes by hand."""
import http.client
import json
import random
import re
import urllib.parse

from parts import Failure


def ask(port, method, path, body=None, headers=None):
    """One request; the answer's status, headers and body (bytes)."""
    connection = http.client.HTTPConnection('127.0.0.1', port, timeout=30)
    try:
        connection.request(method, path, body, headers or {})
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()
    finally:
        connection.close()


def is_up(port):
    """Whether the database is reached as well; any answer but 5xx to a read says so."""
    return ask(port, 'GET', '/api/v1/posts/1')[0] < 500


def register(port, name, password):
    body = json.dumps({'username': name, 'email': f'{name}@example.com', 'password': password})
    status, _, text = ask(port, 'POST', '/api/v1/auth/register', body, {'Content-Type': 'application/json'})
    if status != 201:
        raise Failure(f'{name} could not register: {status} {text[:500]}')


def log_in(port, name, password):
    form = urllib.parse.urlencode({'username': f'{name}@example.com', 'password': password})
    status, _, text = ask(port, 'POST', '/api/v1/login', form, {'Content-Type': 'application/x-www-form-urlencoded'})
    answer = json.loads(text)
    if status != 200 or (set(answer), answer['token_type'], answer['expires_in']) != (
            {'access_token', 'token_type', 'expires_in', 'refresh_token'}, 'bearer', 1800):
        raise Failure(f'{name} could not log in: {status} {text[:500]}')
    return answer['access_token']


def _same(ports, path):
    first, second = (ask(port, 'GET', path) for port in ports)
    seen = [(status, headers['ETag'], headers['Link'], text) for status, headers, text in (first, second)]
    if first[0] != 200 or seen[0] != seen[1]:
        raise Failure('GET {} differs:\n{}\n{}'.format(path, *(str(answer)[:900] for answer in seen)))
    return first[2]


PURGE = re.compile(r'DELETE FROM .* LIMIT \?$')


def compare_statements(database, ports, password):
    """The same request is the same statements, in the same transactions: else the twin has been left behind. What quire
    drops by chance, one time in 64, is left out."""
    tokens = [log_in(port, 'user7', password) for port in ports]
    for what, request in {
        'one post': lambda i: ask(ports[i], 'GET', '/api/v1/posts/17'),
        'a list': lambda i: ask(ports[i], 'GET', '/api/v1/posts?limit=10'),
        'a new post': lambda i: ask(ports[i], 'POST', '/api/v1/posts', '{"title":"t","content":"c"}',
                                    {'Content-Type': 'application/json', 'Authorization': f'Bearer {tokens[i]}'}),
        'a log-in': lambda i: log_in(ports[i], 'user7', password),
    }.items():
        first, second = ([text for text in database.statements_of(lambda i=i: request(i)) if not PURGE.match(text)]
                         for i in (0, 1))
        if first != second or not first:
            raise Failure('{} takes other statements:\n{}\n-- but the twin:\n{}'.format(
                what, '\n'.join(first), '\n'.join(second)))


def compare(ports, posts, password):
    """Same rows, same bytes; what one writes the other shows as its writer did; a token is good for both."""
    for number in [1, 4, 10, posts, *random.Random(1).sample(range(1, posts), 50)]:
        _same(ports, f'/api/v1/posts/{number}')
    for query in ('limit=10', f'limit=100&skip={posts // 2}', f'limit=10&skip={posts}', f'skip={posts - 5}&limit=5'):
        _same(ports, f'/api/v1/posts?{query}')
    content = '\x01\x0b\x1f\b\f\n\r\t\\/"\x7f\u20ac ' * 40
    body = json.dumps({'title': 'Größe \U0001f600 "x"', 'content': content, 'published': True})
    for writer in ports:
        for issuer in ports:
            token = log_in(issuer, 'user7', password)
            headers = {'Content-Type': 'application/json', 'Authorization': f'Bearer {token}'}
            status, headers, text = ask(writer, 'POST', '/api/v1/posts', body, headers)
            place = f'/api/v1/posts/{json.loads(text).get("id")}'
            if status != 201 or headers['Location'] != place or _same(ports, place) != text:
                raise Failure(f'a post is not shown as it was answered: {status} {text[:500]}')
